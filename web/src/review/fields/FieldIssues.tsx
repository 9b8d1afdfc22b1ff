import type { Finding } from "../../api";
import { editor } from "../../strings/editor";
import { Icon } from "../../ui/Icon";
import { SafeText } from "../../ui/SafeText";

/** What is wrong at one place. Read with the control, and where it stands. */
export function FieldIssues({ issues, id }: { readonly issues: readonly Finding[]; readonly id: string }) {
  if (issues.length === 0) return null;
  return (
    <ul className="field-issues" id={id}>
      {issues.map(({ severity, code, path, message, help }) => (
        <li key={`${code} ${path}`} data-severity={severity} data-code={code}>
          <Icon name={severity === "info" ? "info" : "warning"} size={16} />
          <span>
            <SafeText text={code === "plan_missing" ? editor.tools.missing : message} />{" "}
            <span className="quiet">{code !== "plan_missing" && <SafeText text={help} />}</span>
          </span>
        </li>
      ))}
    </ul>
  );
}
