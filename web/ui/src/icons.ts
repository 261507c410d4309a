/**
 * The icon set: 16 px grid, 1.4 px stroke, round ends; the drawing of each sign, without its `<svg>`.
 * One typed record instead of ninety files: a misspelt name fails the build, and the whole set weighs 3 KB gzipped.
 */
export const icons = {
  alert: '<path d="M8 2.25 14.25 13.25H1.75z"/><path d="M8 6.5v3M8 11.4v.1"/>',
  arrow: '<path d="M3 8h10M9 4l4 4-4 4"/>',
  at: '<circle cx="8" cy="8" r="2.6"/><path d="M10.6 5.4v3.5c0 2.3 3.4 2 3.4-1.2A6 6 0 1 0 11.2 13"/>',
  back: '<path d="M13 8H3M7 4 3 8l4 4"/>',
  bell: '<path d="M8 2a4 4 0 0 0-4 4c0 3.5-1.5 4.75-1.5 5.5h11C13.5 10.75 12 9.5 12 6a4 4 0 0 0-4-4z"/><path d="M6.5 13.75h3"/>',
  bold: '<path d="M4.5 3h4a2.4 2.4 0 0 1 0 4.85h-4zM4.5 7.85h4.6a2.55 2.55 0 0 1 0 5.15H4.5z" stroke-width="1.9"/>',
  bolt: '<path d="M9 1.5 3 9h4.25L7 14.5 13 7H8.75z"/>',
  book: '<path d="M8 4C6.7 3 4.7 2.75 1.75 2.75v9.5c2.95 0 4.95.25 6.25 1.25 1.3-1 3.3-1.25 6.25-1.25v-9.5C11.3 2.75 9.3 3 8 4z"/><path d="M8 4v9.5"/>',
  box: '<rect x="2.5" y="3.5" width="11" height="9" rx="1"/>',
  bug: '<path d="M8 5.5c2 0 3.25 1.5 3.25 4s-1.25 4.25-3.25 4.25S4.75 12 4.75 9.5s1.25-4 3.25-4z"/><path d="M6 5.5a2 2 0 0 1 4 0M2 6l2.9 1.5M1.75 10h3M2.5 14l2.6-2M14 6l-2.9 1.5M14.25 10h-3M13.5 14l-2.6-2M8 8.5v3"/>',
  calendar: '<rect x="2" y="3" width="12" height="11" rx="1.5"/><path d="M2 6.5h12M5.25 1.5v3M10.75 1.5v3"/>',
  cart: '<path d="M1.5 2.5h2l1.75 8h7l1.75-6H4.1"/><circle cx="6" cy="13" r=".9"/><circle cx="11.5" cy="13" r=".9"/>',
  chart: '<path d="M2.25 2v11.75H14"/><path d="m5 10 2.8-3.3 2.3 1.9L13.5 4"/>',
  chat: '<path d="M2 3.5h12v8H7.5L4.5 14v-2.5H2z"/>',
  chats: '<path d="M1.75 2.5h9v6H6L3.75 10.5v-2h-2z"/><path d="M13 5.5h1.25v6h-1.5v2L10.5 11.5H6.5"/>',
  check: '<path d="m3 8.5 3.25 3.25L13 5"/>',
  checks: '<path d="m1.5 8.75 3 3L10.5 5.5M8 11.25l.5.5L14.5 5.5"/>',
  clip: '<path d="m13.5 7.5-5.6 5.6a3.25 3.25 0 0 1-4.6-4.6l5.9-5.9a2.15 2.15 0 0 1 3.1 3.1l-5.7 5.7a1.1 1.1 0 0 1-1.6-1.6L10.1 4.7"/>',
  clock: '<circle cx="8" cy="8" r="6"/><path d="M8 4.75V8l2.25 1.5"/>',
  code: '<path d="M5.5 4.5 2 8l3.5 3.5M10.5 4.5 14 8l-3.5 3.5"/>',
  copy: '<rect x="5.5" y="5.5" width="8.5" height="8.5" rx="1.5"/><path d="M10.5 3.2V3A1.25 1.25 0 0 0 9.25 1.75H3A1.25 1.25 0 0 0 1.75 3v6.25A1.25 1.25 0 0 0 3 10.5h.2"/>',
  dot: '<g fill="currentColor" stroke="none"><circle cx="8" cy="8" r="3.5"/></g>',
  down: '<path d="m4 6 4 4 4-4"/>',
  eraser:
    '<path d="m6 13.5-3.4-3.4a1.2 1.2 0 0 1 0-1.7l5.8-5.8a1.2 1.2 0 0 1 1.7 0l3.3 3.3a1.2 1.2 0 0 1 0 1.7L7.5 13.5zM5.5 5.5l5 5M6 13.5h8"/>',
  download: '<path d="M8 2.5v8M4.5 7.25 8 10.75l3.5-3.5M2.5 13.5h11"/>',
  escalate: '<path d="M3 13 13 3M6 3h7v7"/>',
  external:
    '<path d="M9 2.5h4.5V7M13.25 2.75 7.5 8.5M11.5 9.5v3a1 1 0 0 1-1 1h-7a1 1 0 0 1-1-1v-7a1 1 0 0 1 1-1h3"/>',
  eye: '<path d="M1.5 8S3.75 3.75 8 3.75 14.5 8 14.5 8 12.25 12.25 8 12.25 1.5 8 1.5 8z"/><circle cx="8" cy="8" r="1.9"/>',
  eyeoff:
    '<path d="M2.5 2.5l11 11M6.3 4c.5-.2 1.1-.25 1.7-.25C12.25 3.75 14.5 8 14.5 8s-.7 1.3-2 2.5M10 12c-.6.2-1.3.3-2 .3C3.75 12.25 1.5 8 1.5 8s.9-1.7 2.6-3"/>',
  filter: '<path d="M2 4h12M4.25 8h7.5M6.5 12h3"/>',
  flag: '<path d="M3.5 14V2.5M3.5 3h8.75l-1.75 3 1.75 3H3.5"/>',
  form: '<rect x="2.5" y="1.75" width="11" height="12.5" rx="1.5"/><path d="M5.25 5.25h5.5M5.25 8.25h5.5M5.25 11.25H8"/>',
  forward: '<path d="M9.5 3.5l4 4-4 4"/><path d="M13.5 7.5H6.75c-2.5 0-4.25 1.75-4.25 5"/>',
  gear: '<path d="M2 4.5h7M12.5 4.5H14M2 11.5h1.5M7 11.5h7"/><circle cx="10.75" cy="4.5" r="1.75"/><circle cx="5.25" cy="11.5" r="1.75"/>',
  globe:
    '<circle cx="8" cy="8" r="6"/><path d="M2 8h12M8 2c2 1.7 2.7 3.7 2.7 6S10 12.3 8 14C6 12.3 5.3 10.3 5.3 8S6 3.7 8 2z"/>',
  grad: '<path d="m8 3 6.5 3L8 9 1.5 6z"/><path d="M4.25 7.5v3.75C5.3 12.4 6.5 12.75 8 12.75s2.7-.35 3.75-1.5V7.5M14.5 6v4"/>',
  grid: '<rect x="2" y="2" width="5" height="5" rx="1"/><rect x="9" y="2" width="5" height="5" rx="1"/><rect x="2" y="9" width="5" height="5" rx="1"/><rect x="9" y="9" width="5" height="5" rx="1"/>',
  grip: '<path d="M6 4h.1M10 4h.1M6 8h.1M10 8h.1M6 12h.1M10 12h.1" stroke-width="2"/>',
  handover: '<path d="M9 2.5h3A1.5 1.5 0 0 1 13.5 4v8a1.5 1.5 0 0 1-1.5 1.5H9M2.5 8H10M7 5l3 3-3 3"/>',
  hash: '<path d="M2.5 5.75h11M2.5 10.25h11M6.5 2.5 5 13.5M11 2.5 9.5 13.5"/>',
  history: '<path d="M2.25 8A5.75 5.75 0 1 0 4 3.9L2 5.75M2 2.5v3.25h3.25"/><path d="M8 5v3.25L10.25 9.5"/>',
  home: '<path d="M2 3.5h12v9H2z"/><path d="M2 9h3.2l1 1.8h3.6l1-1.8H14"/>',
  image:
    '<rect x="2" y="2.75" width="12" height="10.5" rx="1.5"/><path d="m2.5 11.5 3.5-3.5 2.5 2.5 1.8-1.8 3.2 3.2"/><circle cx="10.5" cy="6" r=".9"/>',
  info: '<circle cx="8" cy="8" r="6"/><path d="M8 7.5v3.5M8 5v.1"/>',
  italic: '<path d="M6.5 3h5M4.5 13h5M9.25 3l-2.5 10"/>',
  keyboard:
    '<rect x="1.75" y="3.75" width="12.5" height="8.5" rx="1.5"/><path d="M4.25 6.5h.1M6.75 6.5h.1M9.25 6.5h.1M11.75 6.5h.1M5.25 9.75h5.5"/>',
  key: '<circle cx="5" cy="11" r="2.75"/><path d="m7 9 6.5-6.5M11 5l2 2"/>',
  left: '<path d="m10 4-4 4 4 4"/>',
  link: '<path d="m6.75 9.25 2.5-2.5M7.5 4.7l1.6-1.6a2.7 2.7 0 0 1 3.8 3.8L11.3 8.5M8.5 11.3l-1.6 1.6a2.7 2.7 0 0 1-3.8-3.8l1.6-1.6"/>',
  list: '<path d="M6 4h8M6 8h8M6 12h8M2.5 4h.1M2.5 8h.1M2.5 12h.1"/>',
  lock: '<rect x="3" y="7" width="10" height="7" rx="1.5"/><path d="M5.25 7V5a2.75 2.75 0 0 1 5.5 0v2"/>',
  logo: '<g fill="currentColor" stroke="none"><path fill-rule="evenodd" d="M8 1a5.25 5.25 0 1 1 0 10.5A5.25 5.25 0 0 1 8 1zm0 2.25a3 3 0 1 0 0 6 3 3 0 0 0 0-6z"/><rect x="2" y="12.9" width="12" height="2.1" rx=".6"/></g>',
  mail: '<rect x="1.75" y="3.25" width="12.5" height="9.5" rx="1.5"/><path d="m2.2 4.6 5.8 4.3 5.8-4.3"/>',
  merge: '<path d="M3.5 2.5V5c0 3 4.5 2.5 4.5 6v2.5M12.5 2.5V5c0 3-4.5 2.5-4.5 6"/>',
  minus: '<path d="M3 8h10"/>',
  more: '<path d="M3.5 8h.1M8 8h.1M12.5 8h.1" stroke-width="2"/>',
  note: '<path d="M2.5 2.5h11v7l-4 4h-7z"/><path d="M13.5 9.5h-4v4M5 5.75h6M5 8.5h2.5"/>',
  numbered:
    '<path d="M6.5 4H14M6.5 8H14M6.5 12H14M2 3l1.2-.6V5.5M2 10.4c.3-.6 2-.8 2 .3 0 .8-2 1.4-2 2.3h2.1"/>',
  org: '<path d="M2.5 14V3.5l6-1.5v12M8.5 6l5 1.25V14M1.5 14h13M5 6h1M5 8.75h1M5 11.5h1M11 9.5h.5M11 11.75h.5"/>',
  pause: '<path d="M5.5 3.5v9M10.5 3.5v9"/>',
  pencil: '<path d="m2.5 13.5.7-3.2 7.6-7.6a1.5 1.5 0 0 1 2.1 0l.4.4a1.5 1.5 0 0 1 0 2.1L5.7 12.8z"/>',
  phone:
    '<path d="M3.2 2.5h2.5l1.1 3-1.5 1.25a8 8 0 0 0 3.95 3.95l1.25-1.5 3 1.1v2.5c0 .6-.4.95-1 .9C6.9 13.3 2.7 9.1 2.3 3.5c-.05-.6.3-1 .9-1z"/>',
  play: '<g fill="currentColor" stroke="none"><path d="M4.5 2.6v10.8a.6.6 0 0 0 .9.5l8.3-5.4a.6.6 0 0 0 0-1L5.4 2.1a.6.6 0 0 0-.9.5z"/></g>',
  plug: '<path d="M5.5 1.75v3.5M10.5 1.75v3.5M3.5 5.25h9v2.5a4.5 4.5 0 0 1-9 0zM8 12.25v2"/>',
  plus: '<path d="M8 3v10M3 8h10"/>',
  'prio-high':
    '<g fill="currentColor" stroke="none"><path d="M2 10h3v4H2zM6.5 6.5h3V14h-3zM11 2.5h3V14h-3z"/></g>',
  'prio-low':
    '<g fill="currentColor" stroke="none"><path d="M2 10h3v4H2z"/><path d="M6.5 6.5h3V14h-3zM11 2.5h3V14h-3z" opacity=".3"/></g>',
  'prio-mid':
    '<g fill="currentColor" stroke="none"><path d="M2 10h3v4H2zM6.5 6.5h3V14h-3z"/><path d="M11 2.5h3V14h-3z" opacity=".3"/></g>',
  'prio-urgent':
    '<g fill="currentColor" stroke="none"><path fill-rule="evenodd" d="M3.5 1.5h9a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2h-9a2 2 0 0 1-2-2v-9a2 2 0 0 1 2-2zM7.1 4h1.8v5H7.1zM7.1 10.4h1.8v1.7H7.1z"/></g>',
  promise: '<path d="M8 14A6 6 0 1 1 14 8"/><path d="M8 4.75V8l1.75 1.2M10.25 12.25l1.5 1.5 3-3.25"/>',
  quality:
    '<path d="M13.5 7.5v5a1.5 1.5 0 0 1-1.5 1.5H4a1.5 1.5 0 0 1-1.5-1.5V4A1.5 1.5 0 0 1 4 2.5h6"/><path d="m5.5 7.75 2.3 2.3L14 3.5"/>',
  quote: '<path d="M3 3v10M6.5 4.5H13M6.5 8H13M6.5 11.5h4"/>',
  reply: '<path d="M6.5 3.5 2.5 7.5l4 4"/><path d="M2.5 7.5h6.75c2.5 0 4.25 1.75 4.25 5"/>',
  right: '<path d="m6 4 4 4-4 4"/>',
  roster: '<path d="M2 3.5h6M6 8h6M9 12.5h5" stroke-width="2.25"/>',
  search: '<circle cx="7" cy="7" r="4.5"/><path d="m10.4 10.4 3.6 3.6"/>',
  send: '<path d="M14 2 7.25 8.75M14 2 9.75 14 7.25 8.75 2 6.25z"/>',
  server:
    '<rect x="2" y="2.5" width="12" height="4.75" rx="1.25"/><rect x="2" y="8.75" width="12" height="4.75" rx="1.25"/><path d="M4.75 4.9h.1M4.75 11.1h.1"/>',
  shield:
    '<path d="M8 1.75 13.25 3.5V8c0 3-2.1 5.2-5.25 6.25C4.85 13.2 2.75 11 2.75 8V3.5z"/><path d="m5.6 7.9 1.7 1.7 3.2-3.3"/>',
  sidebar: '<rect x="2" y="2.75" width="12" height="10.5" rx="1.5"/><path d="M10 2.75v10.5"/>',
  'sla-25':
    '<g fill="currentColor" stroke="none"><circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" stroke-width="1.5"/><path d="M8 8V4a4 4 0 0 1 4 4z"/></g>',
  'sla-50':
    '<g fill="currentColor" stroke="none"><circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" stroke-width="1.5"/><path d="M8 4a4 4 0 0 1 0 8z"/></g>',
  'sla-75':
    '<g fill="currentColor" stroke="none"><circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" stroke-width="1.5"/><path d="M8 8V4a4 4 0 1 1-4 4z"/></g>',
  'sla-over':
    '<g fill="currentColor" stroke="none"><path fill-rule="evenodd" d="M8 1 15 8 8 15 1 8zM7.15 4.5h1.7v4.2h-1.7zM7.15 9.9h1.7v1.7h-1.7z"/></g>',
  slash: '<rect x="2" y="2" width="12" height="12" rx="2.5"/><path d="m6.5 11 3-6"/>',
  smile:
    '<circle cx="8" cy="8" r="6"/><path d="M5.5 9.5c.6 1 1.4 1.5 2.5 1.5s1.9-.5 2.5-1.5M6 6.25v.1M10 6.25v.1"/>',
  snooze: '<path d="M13.25 9.75A5.75 5.75 0 0 1 6.25 2.75a5.75 5.75 0 1 0 7 7z"/>',
  sort: '<path d="M4.5 3v10M2 10.5 4.5 13 7 10.5M11.5 13V3M9 5.5 11.5 3 14 5.5"/>',
  split: '<path d="M8 2.5V5c0 3-4.5 2.5-4.5 6v2.5M8 5c0 3 4.5 2.5 4.5 6v2.5"/>',
  star: '<path d="m8 2 1.85 3.75 4.15.6-3 2.9.7 4.15L8 11.45 4.3 13.4 5 9.25 2 6.35l4.15-.6z"/>',
  'star-fill':
    '<g fill="currentColor" stroke="none"><path d="m8 1.6 2 4 4.4.65-3.2 3.1.75 4.4L8 11.7l-3.95 2.05.75-4.4-3.2-3.1L6 5.6z"/></g>',
  sun: '<circle cx="8" cy="8" r="3"/><path d="M8 1.5v1.25M8 13.25v1.25M1.5 8h1.25M13.25 8h1.25M3.4 3.4l.9.9M11.7 11.7l.9.9M3.4 12.6l.9-.9M11.7 4.3l.9-.9"/>',
  swap: '<path d="M2.5 5.5h11M10.5 2.5l3 3-3 3M13.5 10.75h-11M5.5 7.75l-3 3 3 3"/>',
  tag: '<path d="M2 2h5.5L14 8.5 8.5 14 2 7.5z"/><path d="M5 5h.1"/>',
  text: '<path d="M3 4.5V3h10v1.5M8 3v10M6.25 13h3.5"/>',
  undo: '<path d="M5 2.75 2 5.75l3 3"/><path d="M2 5.75h7.5a4 4 0 0 1 0 8H6"/>',
  up: '<path d="m4 10 4-4 4 4"/>',
  upload: '<path d="M8 10.75v-8M4.5 6 8 2.5 11.5 6M2.5 13.5h11"/>',
  user: '<circle cx="8" cy="5.25" r="2.75"/><path d="M2.75 13.75C3.2 11 5.3 9.75 8 9.75s4.8 1.25 5.25 4"/>',
  users:
    '<circle cx="6" cy="5.25" r="2.5"/><path d="M1.5 13.25c.4-2.5 2.2-3.75 4.5-3.75s4.1 1.25 4.5 3.75"/><path d="M10.6 2.9a2.5 2.5 0 0 1 0 4.7M12.3 9.9c1.2.6 2 1.7 2.2 3.35"/>',
  video: '<rect x="1.75" y="4" width="8.75" height="8" rx="1.5"/><path d="m10.5 7 3.75-2v6l-3.75-2"/>',
  wall: '<rect x="1.75" y="2.5" width="12.5" height="8.75" rx="1.25"/><path d="M5.5 14h5M4.5 8.5V7M8 8.5V5M11.5 8.5V6.25"/>',
  x: '<path d="m4 4 8 8M12 4l-8 8"/>',
  zoom: '<circle cx="7" cy="7" r="4.5"/><path d="m10.4 10.4 3.6 3.6M5 7h4M7 5v4"/>',
} as const;

export type IconName = keyof typeof icons;
