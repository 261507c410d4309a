/** What helps whoever mends it: no words of customers, only where and what. */
export function details(error: unknown, part: string): string {
  const { stack, message } = error instanceof Error ? error : new Error(String(error));
  const script = document.querySelector<HTMLScriptElement>('script[type=module][src]')?.src ?? '';
  return [
    `${part}: ${message}`,
    new Date().toISOString(),
    location.pathname,
    script,
    navigator.userAgent,
    stack ?? '',
  ].join('\n');
}
