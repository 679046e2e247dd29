// What was drawn, as a network sees it. Strokes are kept as lines and drawn anew at the network's size, each pixel grey by how
// much of it is covered, so that what was drawn small is not thicker than what was drawn large.

/** Samples along each side of a pixel. */
const FINE = 8;

/** From this side on as MNIST was made (http://yann.lecun.com/exdb/mnist/), below as UCI's digits of 8 × 8. */
const LARGE = 16;

const MNIST_BOX = 20 / 28;
const MNIST_PEN = 0.13;
/** NIST's form reader made digits fill the height and 20 of 32 columns, and thickened them until so much was inked. */
const UCI_WIDTH = 20 / 32;
const UCI_INK = 0.3;

const clamp = (value, least, most) => Math.max(least, Math.min(most, value));

function bounds(strokes) {
  const points = strokes.flat();
  const xs = points.map(point => point.x);
  const ys = points.map(point => point.y);
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  return { left, top, width: Math.max(...xs) - left, height: Math.max(...ys) - top };
}

function length(strokes) {
  return strokes.reduce((sum, stroke) => sum + stroke.slice(1)
    .reduce((part, point, i) => part + Math.hypot(point.x - stroke[i].x, point.y - stroke[i].y), 0), 0);
}

/** The strokes scaled, in the middle of a box. */
function fitted(strokes, box, scale) {
  const { left, top, width, height } = bounds(strokes);
  return strokes.map(stroke => stroke.map(({ x, y }) => ({
    x: box.width / 2 + (x - left - width / 2) * scale.x,
    y: box.height / 2 + (y - top - height / 2) * scale.y,
  })));
}

function distance(x, y, a, b) {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const square = dx * dx + dy * dy;
  const along = square === 0 ? 0 : clamp(((x - a.x) * dx + (y - a.y) * dy) / square, 0, 1);
  return Math.hypot(x - a.x - along * dx, y - a.y - along * dy);
}

/** Which share of each pixel lies under the pen, row by row. */
function covered(strokes, width, height, pen) {
  // Large pictures have pixels enough.
  const fine = clamp(Math.floor(512 / Math.max(width, height)), 1, FINE);
  const across = width * fine;
  const down = height * fine;
  const inked = new Uint8Array(across * down);
  const radius = pen / 2;
  const from = (value, most) => clamp(Math.floor((value - radius) * fine), 0, most - 1);
  const to = (value, most) => clamp(Math.ceil((value + radius) * fine), 0, most - 1);
  for (const stroke of strokes) {
    for (let i = 0; i < stroke.length; i++) {
      const a = stroke[Math.max(0, i - 1)];
      const b = stroke[i];
      for (let y = from(Math.min(a.y, b.y), down); y <= to(Math.max(a.y, b.y), down); y++) {
        for (let x = from(Math.min(a.x, b.x), across); x <= to(Math.max(a.x, b.x), across); x++) {
          if (distance((x + 0.5) / fine, (y + 0.5) / fine, a, b) <= radius) inked[y * across + x] = 1;
        }
      }
    }
  }
  const pixels = new Float64Array(width * height);
  inked.forEach((ink, i) => {
    pixels[Math.floor(Math.floor(i / across) / fine) * width + Math.floor((i % across) / fine)] += ink / (fine * fine);
  });
  return pixels;
}

/** Fitted into a box of 20 of 28 sides with its proportions kept, then moved by whole pixels until its centre of mass is the middle. */
function likeMnist(strokes, height, width) {
  const box = { width: Math.round(width * MNIST_BOX), height: Math.round(height * MNIST_BOX) };
  const pen = MNIST_PEN * Math.min(box.width, box.height);
  const drawn = bounds(strokes);
  const scale = Math.min((box.width - pen) / Math.max(drawn.width, 1e-6), (box.height - pen) / Math.max(drawn.height, 1e-6));
  const small = covered(fitted(strokes, box, { x: scale, y: scale }), box.width, box.height, pen);
  let [mass, x, y] = [0, 0, 0];
  small.forEach((ink, i) => {
    mass += ink;
    x += ink * (i % box.width);
    y += ink * Math.floor(i / box.width);
  });
  const right = clamp(Math.round(width / 2 - x / mass), 0, width - box.width);
  const down = clamp(Math.round(height / 2 - y / mass), 0, height - box.height);
  const pixels = new Float64Array(width * height);
  small.forEach((ink, i) => {
    pixels[(Math.floor(i / box.width) + down) * width + (i % box.width) + right] = ink;
  });
  return pixels;
}

/** Fills the height, stays in the middle columns, and is as thick as inks the same share of every picture. */
function likeUci(strokes, height, width) {
  const box = { width, height };
  const drawn = bounds(strokes);
  const tall = height * (1 - 1 / 8) / Math.max(drawn.height, 1e-6);
  const wide = width * (UCI_WIDTH - 1 / 8) / Math.max(drawn.width, 1e-6);
  const scale = drawn.height < drawn.width / 2 ? { x: Math.min(tall, wide), y: Math.min(tall, wide) } : { x: Math.min(tall, wide), y: tall };
  const lines = fitted(strokes, box, scale);
  const pen = clamp(UCI_INK * width * height / Math.max(length(lines), 1), height / 8, height / 3);
  return covered(lines, width, height, pen);
}

/**
 * The pixels of a drawing, row by row, from 0 (nothing) to 1 (ink).
 * @param strokes lists of points {x, y}, in any unit
 */
export function seen(strokes, height, width) {
  if (strokes.length === 0) return new Float64Array(width * height);
  return Math.min(height, width) >= LARGE ? likeMnist(strokes, height, width) : likeUci(strokes, height, width);
}
