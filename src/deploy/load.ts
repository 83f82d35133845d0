import type { Space } from "../env/space.ts";
import { spaceToJson } from "../env/space-json.ts";
import { type Actor, createActor } from "./act.ts";
import { decodePolicy, type SavedPolicy } from "./policy-file.ts";

/** A policy from a file, ready to act. */
export interface DeployedPolicy<O extends Space = Space, A extends Space = Space>
  extends SavedPolicy<O, A>,
    Actor<O, A> {}

/** What a caller means to use a policy with; an environment is one. */
export interface Spaces<O extends Space, A extends Space> {
  readonly observationSpace: O;
  readonly actionSpace: A;
}

/**
 * A policy from the bytes of its file. With the spaces it is meant for, an environment for instance, the file is held
 * against them, and `act` takes their observations and gives their actions at compile time too.
 */
export function load(bytes: Uint8Array | ArrayBufferLike): DeployedPolicy;
export function load<O extends Space, A extends Space>(
  bytes: Uint8Array | ArrayBufferLike,
  spaces: Spaces<O, A>,
): DeployedPolicy<O, A>;
export function load(bytes: Uint8Array | ArrayBufferLike, spaces?: Spaces<Space, Space>): DeployedPolicy {
  const policy = decodePolicy(viewOf(bytes));
  if (spaces) {
    requireSame("observation", policy.observationSpace, spaces.observationSpace);
    requireSame("action", policy.actionSpace, spaces.actionSpace);
  }
  return { ...policy, ...createActor(policy) };
}

/** By tag, because `instanceof` knows neither what another window made nor a SharedArrayBuffer that the page may not. */
function viewOf(bytes: Uint8Array | ArrayBufferLike): Uint8Array {
  const kind = Object.prototype.toString.call(bytes).slice("[object ".length, -1);
  if (kind === "Uint8Array") return bytes as Uint8Array;
  if (kind === "ArrayBuffer" || kind === "SharedArrayBuffer") return new Uint8Array(bytes as ArrayBufferLike);
  throw new TypeError(`load: bytes must be a Uint8Array, an ArrayBuffer or a SharedArrayBuffer, got ${kind}.`);
}

function requireSame(role: "observation" | "action", trained: Space, wanted: Space): void {
  const [ours, theirs] = [trained, wanted].map((space) => JSON.stringify(spaceToJson(space)));
  if (ours !== theirs) throw new TypeError(`load: the policy's ${role} space is ${ours}, but ${theirs} came.`);
}
