/** A list that is read page by page. A newer question makes the answers to older ones worthless. */
import { asOf } from '../api';
import type { Page } from '../api/types';

const pageSize = 60;

export class Pages<Row extends { id: number }> {
  rows = $state.raw<Row[]>([]);
  total = $state<number | null>(null);
  loading = $state(true);
  loadingMore = $state(false);
  failed = $state.raw<unknown>(null);
  /** What is shown is what this device remembers, since then. */
  asOf = $state<number | null>(null);
  private cursor: string | null = null;
  private going: AbortController | null = null;

  constructor(
    private readonly read: (
      page: { cursor?: string | null; limit: number },
      signal: AbortSignal,
    ) => Promise<Page<Row>>,
  ) {}

  get complete(): boolean {
    return this.cursor === null;
  }

  /** From the top. Rows that are already there stay until the new ones have come. */
  async start(limit = pageSize): Promise<void> {
    this.going?.abort();
    const going = (this.going = new AbortController());
    this.loading = true;
    this.failed = null;
    try {
      const page = await this.read({ limit }, going.signal);
      if (going.signal.aborted) return;
      this.rows = page.items;
      this.asOf = asOf(page);
      this.cursor = page.next_cursor ?? null;
      this.total = page.total ?? null;
    } catch (error) {
      if (!going.signal.aborted) this.failed = error;
    }
    if (this.going === going) this.loading = false;
  }

  /** Again, as far as it was read. */
  refresh(): Promise<void> {
    return this.start(Math.min(1000, Math.max(pageSize, this.rows.length)));
  }

  async more(): Promise<void> {
    const going = this.going;
    if (!going || this.cursor === null || this.loading || this.loadingMore) return;
    this.loadingMore = true;
    this.failed = null;
    try {
      const page = await this.read({ cursor: this.cursor, limit: pageSize }, going.signal);
      if (going.signal.aborted) return;
      const known = new Set(this.rows.map((row) => row.id));
      this.rows = [...this.rows, ...page.items.filter((row) => !known.has(row.id))];
      this.cursor = page.next_cursor ?? null;
    } catch (error) {
      if (!going.signal.aborted) this.failed = error;
    } finally {
      this.loadingMore = false;
    }
  }
}
