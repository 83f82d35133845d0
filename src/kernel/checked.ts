import type { Kernel } from "./kernel.ts";

/** The same kernel, for debugging: every call first makes sure that its arrays lie in the kernel's memory. */
export function checkedKernel<K extends Kernel>(kernel: K): K {
  const { buffer } = kernel.uint8(0);
  return new Proxy(kernel, {
    get(_, name) {
      const member: unknown = Reflect.get(kernel, name);
      if (typeof member !== "function") return member;
      return (...args: unknown[]) => {
        for (const [i, argument] of args.entries()) {
          if (ArrayBuffer.isView(argument) && argument.buffer !== buffer) {
            throw new TypeError(
              `${String(name)}: argument ${i + 1} does not lie in the ${kernel.name} kernel's memory; ` +
                "take it from kernel.float32, uint8 or int32.",
            );
          }
        }
        return Reflect.apply(member, kernel, args);
      };
    },
  });
}
