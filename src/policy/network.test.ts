import { expect, test } from "vitest";
import { referenceKernel } from "../kernel/reference.ts";
import { createRandom } from "../math/random.ts";
import { createNetwork, parameterCount } from "./network.ts";

test("jvp is the change of the outputs along a direction of the parameters", () => {
  const kernel = referenceKernel({ bytes: 2 ** 20 });
  const random = createRandom(4);
  const shape = { sizes: [3, 8, 5, 2], activation: "tanh", outputActivation: "identity" } as const;
  const count = parameterCount(shape);
  const [parameters, gradients, tangent] = [0, 1, 2].map(() => kernel.float32(count));
  const network = createNetwork(kernel, shape, parameters, gradients, 4);
  for (let i = 0; i < count; i++) {
    parameters[i] = 0.5 * random.normal();
    tangent[i] = random.normal();
  }
  const x = kernel.float32(12);
  for (let i = 0; i < 12; i++) x[i] = random.normal();

  network.forward(x, 4);
  const directional = network.jvp(tangent, 4, null).slice(0, 8);

  const step = 1e-3;
  const moved = (sign: number) => {
    for (let i = 0; i < count; i++) parameters[i] += sign * step * tangent[i];
    const y = network.forward(x, 4).slice(0, 8);
    for (let i = 0; i < count; i++) parameters[i] -= sign * step * tangent[i];
    return y;
  };
  const [above, below] = [moved(1), moved(-1)];
  for (let i = 0; i < 8; i++) expect(directional[i]).toBeCloseTo((above[i] - below[i]) / (2 * step), 2);
});

test("backwardInput gives backward's gradient of the input, bit by bit, and leaves every gradient of a parameter alone", () => {
  const kernel = referenceKernel({ bytes: 2 ** 20 });
  const random = createRandom(5);
  const shape = { sizes: [3, 8, 5, 2], activation: "elu", outputActivation: "tanh" } as const;
  const count = parameterCount(shape);
  const [parameters, gradients] = [0, 1].map(() => kernel.float32(count));
  const network = createNetwork(kernel, shape, parameters, gradients, 4);
  const [x, dy, dx] = [12, 8, 12].map((length) => kernel.float32(length));
  for (let i = 0; i < count; i++) parameters[i] = 0.5 * random.normal();
  for (let i = 0; i < 12; i++) x[i] = random.normal();

  for (const accumulate of [false, true]) {
    const way = { dx, activation: "tanh", accumulate } as const;
    const [full, alone] = (["backward", "backwardInput"] as const).map((name) => {
      network.forward(x, 4);
      gradients.fill(7);
      dx.fill(1);
      for (let i = 0; i < 8; i++) dy[i] = i - 3;
      network[name](dy, 4, way);
      return { dx: dx.slice(), gradients: gradients.slice() };
    });

    expect(alone.dx).toEqual(full.dx);
    expect(alone.gradients).toEqual(new Float32Array(count).fill(7));
    expect(full.gradients).not.toEqual(alone.gradients);
  }
});
