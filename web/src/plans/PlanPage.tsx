import { type MouseEvent, useCallback } from "react";
import { getPlan } from "../api/plans";
import type { PlanRecord } from "../api/types";
import { Frame } from "../shell/Frame";
import { useToken } from "../shell/useToken";
import { planWords as words } from "../strings/plans";
import { Icon } from "../ui/Icon";
import { Problem } from "../ui/Problem";
import { SafeText } from "../ui/SafeText";
import { isPlainClick, type Params } from "../ui/useAddress";
import { useResource } from "../ui/useResource";
import { Waiting } from "../ui/Waiting";
import { PlanActions } from "./actions/PlanActions";
import { planHref, toView, type View, views } from "./address";
import { Exports } from "./Exports";
import { LineageView } from "./lineage/LineageView";
import { Overview } from "./Overview";
import { RunsView } from "./runs/RunsView";
import { StateTag } from "./StateTag";
import { Versions } from "./versions/Versions";

interface Props {
  readonly params: Params;
  readonly go: (params: Params, replace?: boolean) => void;
}

/** A plan with the ETag that its change has to name. */
export interface OpenPlan {
  readonly record: PlanRecord;
  readonly etag: string;
}

/** One plan: what it is, its versions, runs and lineage. */
export function PlanPage({ params, go }: Props) {
  const id = params.plan ?? "";
  const view = toView(params.view);
  const token = useToken();
  const plan = useResource<OpenPlan>(JSON.stringify([id, token]), async (signal) => {
    const { value, etag } = await getPlan(id, { signal });
    return { record: value, etag };
  });
  const open = plan.value;
  const name = open?.record.plan_name;

  return (
    <Frame
      skip={words.skip}
      serverDown={words.loading}
      testId="plan"
      refused={plan.error?.status === 401}
      onReturn={plan.reload}
    >
      <div className="sheet-head">
        <div className="title-line">
          <a
            className="text-button"
            href="/plans"
            onClick={(event) => {
              if (!isPlainClick(event)) return;
              event.preventDefault();
              go({});
            }}
          >
            <Icon name="left" size={18} />
            {words.back}
          </a>
          <h1>{name === undefined ? words.views.overview : <SafeText text={name} />}</h1>
          {open && <StateTag state={open.record.state} />}
        </div>
        {open && <PlanActions open={open} onChange={plan.reload} />}
      </div>
      {plan.since !== undefined && !open && <Waiting step={words.loading} since={plan.since} />}
      {plan.error && <Problem error={plan.error} missing={words.missing} onRetry={plan.reload} />}
      {open && (
        <>
          <Views id={id} here={view} go={go} />
          <Part view={view} open={open} onChange={plan.reload} />
        </>
      )}
    </Frame>
  );
}

/** The parts of the page, as links: each has an address of its own. */
function Views(props: { readonly id: string; readonly here: View; readonly go: Props["go"] }) {
  const { id, here, go } = props;
  const follow = useCallback(
    (event: MouseEvent, view: View) => {
      if (!isPlainClick(event)) return;
      event.preventDefault();
      go({ plan: id, view: view === "overview" ? undefined : view });
    },
    [id, go],
  );
  return (
    <nav className="views" aria-label={words.viewsLabel}>
      <ul>
        {views.map((view) => (
          <li key={view}>
            <a
              href={planHref(id, view)}
              aria-current={view === here ? "page" : undefined}
              data-testid={`view-${view}`}
              onClick={(event) => follow(event, view)}
            >
              {words.views[view]}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

interface PartProps {
  readonly view: View;
  readonly open: OpenPlan;
  readonly onChange: () => void;
}

function Part({ view, open, onChange }: PartProps) {
  switch (view) {
    case "overview":
      return <Overview record={open.record} />;
    case "versions":
      return <Versions record={open.record} onChange={onChange} />;
    case "runs":
      return <RunsView record={open.record} />;
    case "lineage":
      return <LineageView record={open.record} />;
    case "export":
      return <Exports record={open.record} />;
  }
}
