import { useState } from "react";
import { review } from "../strings/review";
import { useAnnounce } from "../ui/Announcer";
import { Icon } from "../ui/Icon";
import { SafeText } from "../ui/SafeText";
import { goTo } from "./context";
import { placeOf } from "./digest";
import { type Question, settledKey } from "./questions";

interface Props {
  readonly questions: readonly Question[];
  readonly onSettle: (question: Question) => void;
}

/** More than so many are folded. */
const fold = 8;

/** What is still open, the first things first; each leads to its field. */
export function Questions({ questions, onSettle }: Props) {
  const words = review.questions;
  const announce = useAnnounce();
  const [all, setAll] = useState(false);
  const answers = questions.filter(({ kind }) => kind === "answer" || kind === "wrong").length;
  const shown = all ? questions : questions.slice(0, fold);
  return (
    <section
      className="card questions"
      data-testid="questions"
      data-open={questions.length}
      id="questions"
      tabIndex={-1}
    >
      <div className="card-head">
        <h2>{words.title}</h2>
        {questions.length > 0 && (
          <span className="quiet">{words.count(answers, questions.length - answers)}</span>
        )}
      </div>
      {questions.length === 0 ? (
        <p>
          <span className="strong">{words.none}</span> <span className="quiet">{words.noneAbout}</span>
        </p>
      ) : (
        <ul className="question-list">
          {shown.map((question) => (
            <li key={settledKey(question)} data-kind={question.kind} data-code={question.code}>
              <Icon name={question.kind === "look" ? "info" : "warning"} size={18} />
              <div>
                <p>
                  <span className="severity">{words.kinds[question.kind]}:</span>{" "}
                  <SafeText text={question.text} />
                </p>
                {placeOf(question.path) !== "" && <p className="quiet">{placeOf(question.path)}</p>}
                {question.help !== "" && (
                  <p className="quiet">
                    <SafeText text={question.help} />
                  </p>
                )}
              </div>
              <div className="row">
                <button
                  type="button"
                  className="text-button"
                  aria-label={words.goNamed(placeOf(question.path) || question.text)}
                  onClick={() => goTo(question.path)}
                >
                  {words.go}
                </button>
                {question.kind === "confirm" && (
                  <button
                    type="button"
                    className="button"
                    aria-label={`${words.settle}: ${question.text}`}
                    onClick={() => {
                      onSettle(question);
                      announce(words.settled);
                      document.getElementById("questions")?.focus();
                    }}
                  >
                    {words.settle}
                  </button>
                )}
              </div>
            </li>
          ))}
        </ul>
      )}
      {questions.length > shown.length && (
        <button type="button" className="text-button" onClick={() => setAll(true)}>
          {words.more(questions.length - shown.length)}
        </button>
      )}
    </section>
  );
}
