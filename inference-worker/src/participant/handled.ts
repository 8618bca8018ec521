/** Which tasks a model version has nothing to say about, so that it is not asked for ever. */
export interface Handled {
  fail(model: string, version: number, task: string): void;
  failed(model: string, version: number, task: string): boolean;
}

export function createHandled(): Handled {
  /** A newer version of a model is asked about everything again. */
  const byModel = new Map<string, { readonly version: number; readonly tasks: Set<string> }>();
  return {
    fail(model, version, task) {
      const known = byModel.get(model);
      if (known?.version === version) known.tasks.add(task);
      else byModel.set(model, { version, tasks: new Set([task]) });
    },
    failed(model, version, task) {
      const known = byModel.get(model);
      return known?.version === version && known.tasks.has(task);
    },
  };
}
