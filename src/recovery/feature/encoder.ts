import type { Choice } from "../action/action.ts";
import type { Attempted } from "../failure.ts";
import type { FeatureValue } from "../record/decision-record.ts";
import { type Encoding, encodingFor } from "./encoding.ts";

export type Features = Readonly<Record<string, FeatureValue>>;

/** Inputs that stand for one thing a person can name. */
export interface InputGroup {
  readonly name: string;
  readonly offset: number;
  readonly size: number;
  /** Of what it was made. */
  readonly label: string;
}

/** From what can be seen of a failure to what the network reads. */
export interface Encoder {
  /** Numbers per observation. */
  readonly size: number;
  readonly groups: readonly InputGroup[];
  /** Writes all `size` numbers. Returns null, or the name of the feature whose value is unknown. */
  encode(features: Features, failureClass: string, history: readonly Attempted[], out: Float32Array): string | null;
}

interface Layout {
  /** What the features function gives for any failure: its names and types are the layout. */
  readonly specimen: Features;
  /** By name; what is not named is encoded by its type. */
  readonly encoding: Readonly<Record<string, Encoding>>;
  readonly choices: readonly Choice[];
  /** The words that failures come in. */
  readonly classes: readonly string[];
}

/** A count of four or more is full. */
const FULL = 4;

/**
 * Features as declared, then what the hidden cause makes worth knowing: how often each choice was tried, which was last,
 * how often each class of failure was met, which is met now.
 */
export function createEncoder({ specimen, encoding, choices, classes }: Layout): Encoder {
  const names = Object.keys(specimen);
  for (const name of Object.keys(encoding)) {
    if (!names.includes(name)) {
      throw new TypeError(
        `createPlanner: encoding names "${name}", which features do not give; they give ${names.join(", ")}.`,
      );
    }
  }
  const encodings = names.map((name) => encoding[name] ?? encodingFor(specimen[name]));
  const sizes = [...encodings.map(({ size }) => size), choices.length, choices.length, classes.length, classes.length];
  const [ofChoices, ofClasses] = [choices.map(({ name }) => name).join(", "), classes.join(", ")];
  const labels = [...encodings.map(({ label }) => label), ofChoices, ofChoices, ofClasses, ofClasses];
  const groups = [...names, "tried", "last action", "classes met", "class"].map((name, i) => ({
    name,
    offset: sizes.slice(0, i).reduce((sum, size) => sum + size, 0),
    size: sizes[i],
    label: labels[i],
  }));
  const [tried, lastAction, met, now] = groups.slice(names.length).map(({ offset }) => offset);
  const placeOfChoice = new Map(choices.map(({ name, index }) => [name, index]));
  const placeOfClass = new Map(classes.map((word, index) => [word, index]));

  return {
    size: sizes.reduce((sum, size) => sum + size, 0),
    groups,
    encode(features, failureClass, history, out) {
      out.fill(0);
      for (let i = 0; i < names.length; i++) {
        const value = features[names[i]];
        if (value === undefined || !encodings[i].write(value, out, groups[i].offset)) return names[i];
      }
      const present = placeOfClass.get(failureClass);
      if (present === undefined) return "class";
      out[now + present] = 1;
      for (let i = 0; i < history.length; i++) {
        const choice = placeOfChoice.get(history[i].choice);
        if (choice === undefined) return "tried";
        out[tried + choice] = Math.min(1, out[tried + choice] + 1 / FULL);
        if (i === history.length - 1) out[lastAction + choice] = 1;
        const answered = placeOfClass.get(history[i].class);
        if (answered === undefined) return "classes met";
        out[met + answered] = Math.min(1, out[met + answered] + 1 / FULL);
      }
      out[met + present] = Math.min(1, out[met + present] + 1 / FULL);
      return null;
    },
  };
}
