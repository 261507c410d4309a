/** Answers count in the order in which they were asked for: one that comes after a younger one is of no use any more. */
export class Turns {
  private asked = 0;
  private answered = 0;

  /** To be called with the question; with its answer, what it gives says whether the answer still counts. */
  begin(): () => boolean {
    const turn = ++this.asked;
    return () => {
      if (turn <= this.answered) return false;
      this.answered = turn;
      return true;
    };
  }
}
