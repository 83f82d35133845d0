/** The world outside, as a command sees it. */
export interface Io {
  /** For results. */
  readonly stdout: Output;
  /** For progress and messages. */
  readonly stderr: Output;
  /** Where relative paths start. */
  readonly folder: string;
  /** Where the program of worker threads lies, if not beside this one. */
  readonly workerScript?: URL;
  /** Hears the first request to stop; the second ends the process at once. Returns what stops listening. */
  onInterrupt(listener: () => void): () => void;
}

export interface Output {
  write(text: string): void;
  /** Width of the terminal, or null where nobody watches. */
  readonly columns: number | null;
  readonly color: boolean;
}

/** The process's own streams and signals. */
export function processIo(): Io {
  return {
    stdout: outputOf(process.stdout),
    stderr: outputOf(process.stderr),
    folder: process.cwd(),
    onInterrupt(listener) {
      let asked = false;
      const hear = () => {
        if (asked) process.exit(130);
        asked = true;
        listener();
      };
      process.on("SIGINT", hear).on("SIGTERM", hear);
      return () => void process.off("SIGINT", hear).off("SIGTERM", hear);
    },
  };
}

function outputOf(stream: NodeJS.WriteStream): Output {
  return {
    write: (text) => void stream.write(text),
    get columns() {
      return stream.isTTY ? stream.columns : null;
    },
    color: stream.isTTY && !process.env["NO_COLOR"] && process.env["TERM"] !== "dumb",
  };
}
