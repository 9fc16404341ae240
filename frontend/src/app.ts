/* The garnish of the pages. Every page works without this file: it only saves a step or guards against a slip.
   Each controller looks for its own data attribute and leaves every other element alone. */
import { copyProofs } from "./copy";
import { coverFaces } from "./cover";
import { keepDrafts, settleDrafts } from "./draft";
import { focusErrors } from "./errors";
import { guardLeaving } from "./leave";
import { sayPasskeyProblem } from "./passkey";
import { askStepwise } from "./steps";
import { offerNames } from "./suggest";

function connect(part: ParentNode): void {
  focusErrors(part);
  guardLeaving(part);
  keepDrafts(part);
  copyProofs(part);
  coverFaces(part);
  offerNames(part);
  askStepwise(part);
}

function start(): void {
  settleDrafts(document);
  sayPasskeyProblem();
  connect(document);
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
else start();
