/* Cuts the outline of a mission's country, and the lines around it, out of the map of the world; one small file for each pack that names one.

   A pack names its country in places.csv, as a further number of the mission area: `world-atlas:Kosovo` (the name or the number the map of
   the world has for it). What is not named is not cut, and a mission without an outline draws its maps from the coordinates of its places.
   The lines are for orientation. The map of the world (npm world-atlas, from Natural Earth, 1:10 million) is generalised: a line may lie a
   kilometre off, and it says nothing about the status of any territory. That is why neighbours are lines here, all alike, without names. */
import { readdir, readFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

const NAMED = /world-atlas:([^|,"\r\n]+)/g;
const AROUND = 0.4; // how far the lines around the country are kept, as a part of its own breadth
const COARSE = 0.002; // degrees: about 200 m, finer than any page draws

export const fileOf = (name) => `${name.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "")}.json`;

/** The countries which the packs in these folders name. */
export async function namedByPacks(folders) {
  const names = new Set();
  for (const folder of folders) {
    for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
      if (!entry.isDirectory()) continue;
      const text = await readFile(join(folder, entry.name, "places.csv"), "utf8").catch(() => "");
      for (const [, name] of text.matchAll(NAMED)) names.add(name.trim());
    }
  }
  return [...names].sort();
}

/** The points of one arc of the topology, in degrees. */
function pointsOf(world, number) {
  const { scale, translate } = world.transform;
  let x = 0;
  let y = 0;
  const points = world.arcs[number < 0 ? ~number : number].map(([dx, dy]) => {
    x += dx;
    y += dy;
    return [x * scale[0] + translate[0], y * scale[1] + translate[1]];
  });
  return number < 0 ? points.reverse() : points;
}

const ringOf = (world, arcs) => arcs.flatMap((number, at) => pointsOf(world, number).slice(at ? 1 : 0));
const ringsOf = (one) => (one.type === "Polygon" ? one.arcs : one.type === "MultiPolygon" ? one.arcs.flat() : []);
const rounded = (points) => points.map(([lon, lat]) => [Math.round(lon * 1e4) / 1e4, Math.round(lat * 1e4) / 1e4]);

/** Leaves out points nearer than COARSE to the line without them (Ramer, Douglas, Peucker); the ends stay, so that arcs still meet. */
export function thinned(points, coarse = COARSE) {
  if (points.length < 3) return points;
  const [a, b] = [points[0], points[points.length - 1]];
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
  const length = Math.hypot(dx, dy);
  let [farthest, at] = [0, 0];
  for (let n = 1; n < points.length - 1; n++) {
    const [px, py] = [points[n][0] - a[0], points[n][1] - a[1]];
    const far = length ? Math.abs(px * dy - py * dx) / length : Math.hypot(px, py);
    if (far > farthest) [farthest, at] = [far, n];
  }
  if (farthest <= coarse) return [a, b];
  return [...thinned(points.slice(0, at + 1), coarse).slice(0, -1), ...thinned(points.slice(at), coarse)];
}

/** The parts of a line within the box; each part keeps one point beyond the edge, so that it reaches it. */
function within(points, [west, south, east, north]) {
  const inside = ([lon, lat]) => lon >= west && lon <= east && lat >= south && lat <= north;
  const parts = [];
  let part = [];
  points.forEach((point, at) => {
    const keep = inside(point) || (at && inside(points[at - 1])) || (at + 1 < points.length && inside(points[at + 1]));
    if (keep) part.push(point);
    if ((!keep || at === points.length - 1) && part.length) {
      if (part.length > 1) parts.push(part);
      part = [];
    }
  });
  return parts;
}

/** GeoJSON of one country: its outline, and the lines around it. */
export function cut(world, name) {
  const all = world.objects.countries.geometries;
  const country = all.find((one) => one.properties?.name === name || (one.id !== undefined && String(one.id) === name));
  if (!country) throw new Error(`The map of the world has no country “${name}”. Correct world-atlas:… in places.csv of the pack, or leave it out.`);
  const own = new Set(ringsOf(country).flat().map((number) => (number < 0 ? ~number : number)));
  const rings = ringsOf(country).map((arcs) => ringOf(world, arcs));
  const lons = rings.flat().map(([lon]) => lon);
  const lats = rings.flat().map(([, lat]) => lat);
  const [west, south, east, north] = [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)];
  const around = Math.max(east - west, north - south) * AROUND;
  const box = [west - around, south - around, east + around, north + around];
  const others = new Set(all.flatMap((one) => ringsOf(one).flat().map((number) => (number < 0 ? ~number : number))));
  const lines = [...others].filter((number) => !own.has(number)).flatMap((number) => within(pointsOf(world, number), box));
  // A ring is thinned arc by arc: neighbours share arcs, and so no gap opens between them.
  const thin = ringsOf(country).map((arcs) => arcs.flatMap((number, at) => thinned(pointsOf(world, number)).slice(at ? 1 : 0)));
  return {
    type: "FeatureCollection",
    source: "Natural Earth, 1:10 million, by way of world-atlas 2",
    features: [
      { type: "Feature", properties: { part: "country", name }, geometry: { type: "MultiPolygon", coordinates: thin.map((ring) => [rounded(ring)]) } },
      { type: "Feature", properties: { part: "around" }, geometry: { type: "MultiLineString", coordinates: lines.map((line) => rounded(thinned(line))) } },
    ],
  };
}

/** Writes the outline of every country that a pack names; says what it wrote. */
export async function cutOutlines({ world, folders, out }) {
  const names = await namedByPacks(folders);
  if (!names.length) return [];
  const atlas = JSON.parse(await readFile(world, "utf8"));
  await mkdir(out, { recursive: true });
  for (const name of names) await writeFile(join(out, fileOf(name)), JSON.stringify(cut(atlas, name)));
  return names;
}
