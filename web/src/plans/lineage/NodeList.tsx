import type { Lineage } from "../../api/types";
import { lineageWords as words } from "../../strings/runs";
import { Icon } from "../../ui/Icon";
import { SafeText } from "../../ui/SafeText";
import { safeLink } from "../../ui/safeLink";
import { When } from "../../ui/When";
import { inOrder } from "./layout";

interface Props {
  readonly lineage: Lineage;
  readonly here: string;
  readonly onLook: (id: string) => void;
}

/** The whole lineage as a list, which is also how it is read out. */
export function NodeList({ lineage, here, onLook }: Props) {
  return (
    <div className="node-list">
      <h3>{words.list}</h3>
      <ol data-testid="lineage-list">
        {inOrder(lineage.nodes).map((node) => {
          const link = safeLink(node.url) ?? ownLink(node.url);
          return (
            <li key={node.id}>
              <button
                type="button"
                className="text-button"
                aria-label={words.look(node.label)}
                aria-pressed={node.id === here}
                onClick={() => onLook(node.id)}
              >
                <SafeText text={node.label} />
              </button>
              <span className="quiet">
                {words.kinds[node.kind] ?? node.kind}
                {node.state && `, ${node.state}`}
                {node.at !== null && (
                  <>
                    , <When at={node.at} />
                  </>
                )}
              </span>
              {link !== undefined && (
                <a href={link} aria-label={words.open(node.label)} className="icon-button small">
                  <Icon name="external" size={16} />
                </a>
              )}
            </li>
          );
        })}
      </ol>
    </div>
  );
}

/** A path of this very server. */
function ownLink(url: string | null): string | undefined {
  return url !== null && /^\/(?![/\\])[\x21-\x7e]*$/.test(url) ? url : undefined;
}
