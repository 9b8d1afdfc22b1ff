import { useAddress } from "../ui/useAddress";
import { PlanPage } from "./PlanPage";
import { PlansPage } from "./PlansPage";

/** The page at `/plans`: all plans, or the one that the address names. */
export function PlansApp() {
  const { params, go } = useAddress();
  return params.plan === undefined ? (
    <PlansPage params={params} go={go} />
  ) : (
    <PlanPage key={params.plan} params={params} go={go} />
  );
}
