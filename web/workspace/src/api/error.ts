/**
 * What can go wrong with a request: the server's problem+json, or no answer at all.
 * `code` is stable and picks the sentence in the catalogue; `detail` is the server's own sentence, kept as the fallback.
 */
export interface FieldError {
  field: string;
  code: string;
  detail: string;
}

export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly body: Record<string, unknown> = {},
    readonly retryAfter: number | null = null,
  ) {
    super(detail || code);
  }

  /** The request never reached the server, or the answer never reached us. */
  get offline(): boolean {
    return this.status === 0;
  }

  get fields(): FieldError[] {
    return Array.isArray(this.body.errors) ? (this.body.errors as FieldError[]) : [];
  }

  field(name: string): string | undefined {
    return this.fields.find((error) => error.field === name)?.detail;
  }
}

export async function problem(response: Response): Promise<ApiError> {
  const body = (await response.json().catch(() => ({}))) as Record<string, unknown>;
  const wait = Number(response.headers.get('retry-after'));
  return new ApiError(
    response.status,
    typeof body.code === 'string' ? body.code : `http_${response.status}`,
    typeof body.detail === 'string' ? body.detail : '',
    body,
    Number.isFinite(wait) && wait > 0 ? wait : null,
  );
}
