import { createClient } from "genie-handoff";
import { useGenieBlock } from "genie-handoff/react";

// Once, outside the component: another client is another question.
const client = createClient();

export function Block() {
  const block = useGenieBlock({ client, spaceId: "01f0eca3dc1b1cbc9b65fa58f94c18ad" });
  switch (block.state) {
    case "ready":
      return <h2>{block.space.display_name}</h2>;
    case "error":
      return (
        <p role="alert">
          {block.error.message}{" "}
          <button type="button" onClick={block.retry}>
            Retry
          </button>
        </p>
      );
    default:
      return <p>Reading the space…</p>;
  }
}
