import { type ReactNode, useState } from "react";
import type { GenieSpace } from "../api";
import { Conversations } from "../conversations/Conversations";
import type { Session } from "../conversations/Messages";
import { strings } from "../strings";
import { canvasWords } from "../strings/canvas";
import { pipelineWords } from "../strings/pipeline";
import { CopyButton } from "../ui/CopyButton";
import { MoreIcon } from "../ui/MoreIcon";
import { dayAndTime, toMillis, utc } from "../ui/time";
import { firstTables, groupTables } from "./tables";

/** Longer descriptions start folded. Characters. */
const foldDescription = 180;
/** Longer lists of tables start folded. */
const foldTables = 8;

interface Props {
  readonly space: GenieSpace;
  /** A link to the space in Databricks, when the workspace's address is known. */
  readonly link: string | undefined;
  /** Absent while the space is being read again. */
  readonly onReload?: () => void;
  /** Begins a handoff. Absent while the space is being read again. */
  readonly onPipeline?: (session?: Session) => void;
  /** Leads the links of this block to another one. */
  readonly connect?: ReactNode;
}

/** What is known about a space. */
export function SpaceDetails({ space, link, onReload, onPipeline, connect }: Props) {
  return (
    <>
      <div className="block-section">
        <Description text={space.description?.trim() ?? ""} />
      </div>
      <div className="block-section">
        <Tables names={space.table_identifiers} unknown={space.tables_unknown === true} />
      </div>
      <div className="block-section">
        <Facts space={space} />
      </div>
      {onPipeline && <Conversations key={space.space_id} spaceId={space.space_id} onProduce={onPipeline} />}
      {onPipeline && (
        <div className="block-section block-next">
          <p className="quiet">{pipelineWords.area}</p>
          <button
            type="button"
            className="button nodrag nopan"
            data-testid="block-pipeline"
            aria-haspopup="dialog"
            onClick={() => onPipeline()}
          >
            <MoreIcon name="link" size={18} />
            {pipelineWords.button}
          </button>
        </div>
      )}
      {connect}
      <div className="block-footer nodrag nopan">
        {link ? (
          <a className="text-button" href={link} target="_blank" rel="noreferrer">
            {strings.common.openInDatabricks}
            <span className="visually-hidden"> {strings.common.opensNewTab}</span>
            <MoreIcon name="external" size={16} />
          </a>
        ) : (
          <span />
        )}
        {onReload && (
          <button type="button" className="text-button" data-testid="block-reload" onClick={onReload}>
            <MoreIcon name="retry" size={16} />
            {canvasWords.block.reload}
          </button>
        )}
      </div>
    </>
  );
}

function Description({ text }: { readonly text: string }) {
  const [open, setOpen] = useState(false);
  if (text === "") return <p className="quiet">{canvasWords.block.noDescription}</p>;
  const long = text.length > foldDescription;
  return (
    <>
      <p
        className={long && !open ? "description folded" : "description"}
        data-testid="block-description"
        dir="auto"
      >
        {text}
      </p>
      {long && (
        <More open={open} onToggle={setOpen} more={canvasWords.block.more} less={canvasWords.block.less} />
      )}
    </>
  );
}

function Tables({ names, unknown }: { readonly names: readonly string[]; readonly unknown: boolean }) {
  const [open, setOpen] = useState(false);
  const groups = groupTables(names);
  const count = groups.reduce((sum, group) => sum + group.tables.length, 0);
  if (count === 0) {
    return (
      <p className="quiet">{unknown ? canvasWords.block.tablesUnknown : canvasWords.block.tablesNone}</p>
    );
  }
  const long = count > foldTables;
  const shown = long && !open ? firstTables(groups, foldTables - 2) : groups;
  return (
    <>
      <div className="section-head">
        <p className="section-title">{canvasWords.block.tables(count)}</p>
        {count > 1 && (
          <CopyButton
            text={groups.flatMap((group) => group.tables.map((table) => table.full)).join("\n")}
            label={strings.common.copyAllTables}
          />
        )}
      </div>
      {shown.map((group) => (
        <div className="table-group" key={group.schema}>
          <p className="table-schema">
            <span dir="auto">{group.schema || canvasWords.block.unqualified}</span>
            <span className="count">
              {groups.find((whole) => whole.schema === group.schema)?.tables.length}
            </span>
          </p>
          <ul>
            {group.tables.map((table) => (
              <li key={table.full} data-testid="block-table" data-table={table.full}>
                <MoreIcon name="table" size={16} />
                <span className="table-name" dir="auto" title={table.full}>
                  {table.name}
                </span>
                <span className="nodrag nopan">
                  <CopyButton text={table.full} label={canvasWords.block.copyTable(table.full)} />
                </span>
              </li>
            ))}
          </ul>
        </div>
      ))}
      {long && (
        <More
          open={open}
          onToggle={setOpen}
          more={canvasWords.block.moreTables(count - (foldTables - 2))}
          less={canvasWords.block.fewerTables}
        />
      )}
    </>
  );
}

function Facts({ space }: { readonly space: GenieSpace }) {
  const updated = toMillis(space.last_updated_timestamp) ?? toMillis(space.update_time);
  const created = toMillis(space.created_timestamp) ?? toMillis(space.create_time);
  const runAs = space.run_as_type;
  return (
    <dl className="facts">
      <dt>{canvasWords.block.warehouse}</dt>
      <dd className="with-copy">
        {space.warehouse_id ? (
          <>
            <code className="selectable nodrag nopan" data-testid="block-warehouse">
              {space.warehouse_id}
            </code>
            <span className="nodrag nopan">
              <CopyButton text={space.warehouse_id} label={strings.common.copyWarehouse} />
            </span>
          </>
        ) : (
          canvasWords.block.noWarehouse
        )}
      </dd>
      {runAs && (
        <>
          <dt>{canvasWords.block.runAs}</dt>
          <dd>{canvasWords.block.runAsWords.get(runAs) ?? runAs}</dd>
        </>
      )}
      {updated !== undefined && <Moment label={canvasWords.block.updated} millis={updated} />}
      {created !== undefined && <Moment label={canvasWords.block.created} millis={created} />}
      <dt>{canvasWords.block.spaceId}</dt>
      <dd className="with-copy">
        <code className="selectable nodrag nopan" data-testid="block-space-id">
          {space.space_id}
        </code>
        <span className="nodrag nopan">
          <CopyButton text={space.space_id} label={strings.common.copySpaceId} />
        </span>
      </dd>
    </dl>
  );
}

function Moment({ label, millis }: { readonly label: string; readonly millis: number }) {
  return (
    <>
      <dt>{label}</dt>
      <dd>
        <time dateTime={utc(millis)} title={utc(millis)}>
          {dayAndTime(millis)}
        </time>
      </dd>
    </>
  );
}

interface MoreProps {
  readonly open: boolean;
  readonly onToggle: (open: boolean) => void;
  readonly more: string;
  readonly less: string;
}

function More({ open, onToggle, more, less }: MoreProps) {
  return (
    <button
      type="button"
      className="text-button nodrag nopan"
      aria-expanded={open}
      onClick={() => onToggle(!open)}
    >
      {open ? less : more}
    </button>
  );
}
