import { verifyAudit } from "../api/audit";
import type { AuditChain } from "../api/types";
import { auditWords } from "../strings/audit";
import { CopyButton } from "../ui/CopyButton";
import { Icon } from "../ui/Icon";
import { wordsFor } from "../ui/Problem";
import { SafeText } from "../ui/SafeText";
import { useResource } from "../ui/useResource";
import { Waiting } from "../ui/Waiting";

const words = auditWords.chain;

/** Whether the record is whole, as the server has just found by recomputing it. Nothing is green without its answer. */
export function ChainCard() {
  const chain = useResource<AuditChain>("chain", (signal) => verifyAudit({ signal }));
  const { value, error, since } = chain;
  const mood = since !== undefined || error || !value ? "open" : value.state === "intact" ? "good" : "bad";
  return (
    <section className="chain" data-testid="chain" data-mood={mood}>
      {since !== undefined ? (
        <Waiting step={words.checking} since={since} />
      ) : (
        <>
          <Icon name={mood === "good" ? "check" : mood === "bad" ? "warning" : "info"} />
          <div>
            {error ? (
              <>
                <p className="strong">{words.notChecked}</p>
                <p>
                  {wordsFor(error).title} <SafeText text={error.message} />
                </p>
              </>
            ) : (
              value && <State chain={value} />
            )}
          </div>
          <button type="button" className="button" data-testid="chain-again" onClick={chain.reload}>
            {words.again}
          </button>
        </>
      )}
    </section>
  );
}

function State({ chain }: { readonly chain: AuditChain }) {
  if (chain.state !== "intact") {
    const { problem } = chain;
    return (
      <>
        <p className="strong">{words.broken}</p>
        {problem && <p>{words.problems[problem.kind]?.(problem.seq)}</p>}
        <p>{words.brokenNext}</p>
      </>
    );
  }
  return (
    <>
      <p className="strong">{words.intact}</p>
      <p>{lookedAt(chain)}</p>
      {chain.head_hash && (
        <p className="hash-line">
          {words.head}: <code>{chain.head_hash}</code>
          <CopyButton text={chain.head_hash} label={words.copyHead} />
        </p>
      )}
    </>
  );
}

/** How much was looked at; of a long log the server looks at the newest part. */
function lookedAt({ entries, first_seq }: AuditChain): string {
  if (entries === 0) return words.empty;
  return first_seq > 1 ? words.newestAbout(entries, first_seq) : words.intactAbout(entries);
}
