/** What every server measured must be able to do; one driver each. Times are taken by the caller around these calls. */
export interface Peer {
  readonly name: string;
  readonly version: string;
  /** Process id of the whole thing, for memory. */
  readonly pid: number;
  createProject(title: string): Promise<string>;
  importTexts(project: string, texts: readonly string[]): Promise<void>;
  importLabelled(project: string, texts: readonly string[]): Promise<void>;
  addOne(project: string, text: string): Promise<void>;
  /** The n-th page of 30 rows, n from 1. */
  listPage(project: string, page: number): Promise<void>;
  listProjects(): Promise<void>;
  nextTask(project: string, lane: number): Promise<string>;
  /** One durable submission of a whole answer to a task. */
  submit(project: string, task: string, lane: number): Promise<void>;
  /** Ids of the project's first `n` tasks. */
  taskIds(project: string, n: number): Promise<string[]>;
  /** Reads the JSON export of everything to its end; bytes. */
  exportJson(project: string): Promise<number>;
  /** The address of the labelling page, and how a browser signs in. */
  readonly url: string;
  stop(): Promise<void>;
}
