/** What opens from the head of every page: one chunk. */
import "../styles/panels.css";
import { strings } from "../strings";
import { panels } from "../strings/panels";
import type { ThemeChoice } from "./theme";

export { Account } from "./Account";
export { TokenForm } from "./TokenForm";

export function EmulatorAbout() {
  const words = panels.emulator;
  return (
    <>
      <p className="strong">{words.title}</p>
      <p>{words.about}</p>
      <p className="quiet">{words.next}</p>
    </>
  );
}

export function OpenAbout() {
  return (
    <>
      <p className="strong">{strings.server.openSentence}</p>
      <p className="quiet">{panels.open.next}</p>
    </>
  );
}

const choices: readonly ThemeChoice[] = ["system", "light", "dark"];

interface Props {
  readonly theme: ThemeChoice;
  readonly onChoose: (theme: ThemeChoice) => void;
}

export function ThemeChoices({ theme, onChoose }: Props) {
  return (
    <fieldset className="choices">
      <legend>{strings.theme.button}</legend>
      {choices.map((choice) => (
        <label key={choice} className="check">
          <input
            type="radio"
            name="theme"
            value={choice}
            checked={theme === choice}
            onChange={() => onChoose(choice)}
          />
          {panels.theme[choice]}
        </label>
      ))}
    </fieldset>
  );
}
