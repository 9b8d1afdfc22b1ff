import type { LineageNode } from "../../api/types";
import { lineageWords as words } from "../../strings/runs";
import { MoreIcon } from "../../ui/MoreIcon";
import { SafeText } from "../../ui/SafeText";
import type { Neighbourhood } from "./layout";

interface Props {
  readonly near: Neighbourhood;
  readonly onLook: (id: string) => void;
}

/** More boxes than this on one side are counted; the list has them all. */
const mostBoxes = 8;

/** A node between what it comes from and what it leads to. Boxes are buttons: choosing one moves there. */
export function Neighbours({ near: { here, before, after }, onLook }: Props) {
  return (
    <div className="neighbours" data-testid="lineage-graph">
      <Side title={words.before} nodes={before} nothing={words.nothingBefore} onLook={onLook} />
      <Arrow dim={before.length === 0} />
      <div className="side">
        <p className="side-title">{words.here}</p>
        <div className="lineage-box here" aria-current="true" data-testid="lineage-here">
          <Face node={here} />
        </div>
      </div>
      <Arrow dim={after.length === 0} />
      <Side title={words.after} nodes={after} nothing={words.nothingAfter} onLook={onLook} />
    </div>
  );
}

function Arrow({ dim }: { readonly dim: boolean }) {
  return (
    <span className="lineage-arrow" data-dim={dim || undefined} aria-hidden="true">
      <MoreIcon name="right" />
    </span>
  );
}

interface SideProps {
  readonly title: string;
  readonly nodes: readonly LineageNode[];
  readonly nothing: string;
  readonly onLook: (id: string) => void;
}

function Side({ title, nodes, nothing, onLook }: SideProps) {
  return (
    <div className="side">
      <p className="side-title">{title}</p>
      {nodes.length === 0 && <p className="quiet side-none">{nothing}</p>}
      <ul>
        {nodes.slice(0, mostBoxes).map((node) => (
          <li key={node.id}>
            <button
              type="button"
              className="lineage-box"
              data-testid="lineage-box"
              onClick={() => onLook(node.id)}
            >
              <Face node={node} />
            </button>
          </li>
        ))}
      </ul>
      {nodes.length > mostBoxes && <p className="quiet">+ {nodes.length - mostBoxes}</p>}
    </div>
  );
}

function Face({ node }: { readonly node: LineageNode }) {
  return (
    <>
      <span className="lineage-kind">{words.kinds[node.kind] ?? node.kind}</span>
      <span className="lineage-label">
        <SafeText text={node.label} name />
      </span>
      {node.state && <span className="lineage-kind">{node.state}</span>}
    </>
  );
}
