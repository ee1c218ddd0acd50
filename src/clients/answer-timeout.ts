import type { Clock } from "../clock/clock.ts";

/** The code of {@link AnswerTimeout}, for the tables of errors. */
export const answerTimeoutCode = "ANSWER_TIMEOUT";

/** A client gave up waiting for an answer. */
export class AnswerTimeout extends Error {
  override readonly name = "AnswerTimeout";
  readonly code = answerTimeoutCode;

  constructor(timeoutMs: number) {
    super(`no answer within ${timeoutMs} ms, and the connection was cut`);
  }
}

/**
 * The answer, unless it takes too long.
 *
 * @param timeoutMs for ever when undefined
 * @param cut ends the connection, on which nothing can be understood any more
 * @throws AnswerTimeout, after `cut`; whatever `answer` rejects with
 */
export async function giveUpUnanswered<T>(
  answer: Promise<T>,
  timeoutMs: number | undefined,
  clock: Clock,
  cut: (error: AnswerTimeout) => void,
): Promise<T> {
  if (timeoutMs === undefined) return answer;
  const answered = new AbortController();
  const late = clock.sleep(timeoutMs, answered.signal).then(() => {
    const error = new AnswerTimeout(timeoutMs);
    cut(error);
    throw error;
  });
  late.catch(() => undefined);
  answer.catch(() => undefined);
  try {
    return await Promise.race([answer, late]);
  } finally {
    answered.abort();
  }
}
