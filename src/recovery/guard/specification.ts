/** A guard as the options name it: every service gets one of its own. */
export interface Specification<Guard> {
  create(): Guard;
}
