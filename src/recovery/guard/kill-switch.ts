/** While it is on, the runbook decides, whatever the policy says. */
export interface KillSwitch {
  isOn(): boolean;
}

/** A kill switch that code throws. */
export interface CallSwitch extends KillSwitch {
  turnOn(): void;
  turnOff(): void;
}

export function callSwitch(): CallSwitch {
  let on = false;
  return {
    isOn: () => on,
    turnOn() {
      on = true;
    },
    turnOff() {
      on = false;
    },
  };
}
