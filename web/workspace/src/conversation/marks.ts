/** Marks on a picture: what they are, and how they are drawn. Pure but for the pen it is given. */
export interface Point {
  x: number;
  y: number;
}
export type Tool = 'arrow' | 'box' | 'pen' | 'text';
export type Mark =
  | { tool: 'arrow'; from: Point; to: Point }
  | { tool: 'box'; from: Point; to: Point }
  | { tool: 'pen'; points: Point[] }
  | { tool: 'text'; at: Point; words: string };

export interface Look {
  colour: string;
  /** Around every stroke, so that it shows on any picture. */
  halo: string;
  width: number;
  font: string;
}

/** The two ends of an arrow's head. */
export function arrowHead(from: Point, to: Point, size: number): [Point, Point] {
  const angle = Math.atan2(to.y - from.y, to.x - from.x);
  const end = (turn: number): Point => ({
    x: to.x - size * Math.cos(angle + turn),
    y: to.y - size * Math.sin(angle + turn),
  });
  return [end(Math.PI / 6), end(-Math.PI / 6)];
}

/** A slip of the hand leaves nothing. */
export function worthKeeping(mark: Mark): boolean {
  if (mark.tool === 'text') return mark.words.trim() !== '';
  if (mark.tool === 'pen') return mark.points.length > 1;
  return Math.hypot(mark.to.x - mark.from.x, mark.to.y - mark.from.y) > 4;
}

/** How thick a stroke must be to be seen on a picture of this size. */
export const strokeFor = (width: number, height: number) =>
  Math.max(3, Math.round(Math.max(width, height) / 250));

export function draw(pen: CanvasRenderingContext2D, marks: Mark[], look: Look): void {
  Object.assign(pen, { lineCap: 'round', lineJoin: 'round' });
  for (const mark of marks) {
    if (mark.tool === 'text') write(pen, mark.at, mark.words, look);
    else {
      stroke(pen, mark, look.halo, look.width + 4, look.width);
      stroke(pen, mark, look.colour, look.width, look.width);
    }
  }
}

function stroke(
  pen: CanvasRenderingContext2D,
  mark: Exclude<Mark, { tool: 'text' }>,
  colour: string,
  width: number,
  unit: number,
): void {
  Object.assign(pen, { strokeStyle: colour, lineWidth: width });
  pen.beginPath();
  if (mark.tool === 'box') {
    pen.rect(mark.from.x, mark.from.y, mark.to.x - mark.from.x, mark.to.y - mark.from.y);
  } else if (mark.tool === 'arrow') {
    const [left, right] = arrowHead(mark.from, mark.to, unit * 5);
    path(pen, [mark.from, mark.to]);
    path(pen, [left, mark.to, right]);
  } else if (mark.tool === 'pen') path(pen, mark.points);
  pen.stroke();
}

function path(pen: CanvasRenderingContext2D, points: Point[]): void {
  points.forEach(({ x, y }, at) => (at === 0 ? pen.moveTo(x, y) : pen.lineTo(x, y)));
}

function write(pen: CanvasRenderingContext2D, at: Point, words: string, look: Look): void {
  const size = look.width * 7;
  Object.assign(pen, {
    font: `600 ${size}px ${look.font}`,
    textBaseline: 'middle',
    strokeStyle: look.halo,
    fillStyle: look.colour,
    lineWidth: look.width + 2,
  });
  pen.strokeText(words, at.x, at.y);
  pen.fillText(words, at.x, at.y);
}
