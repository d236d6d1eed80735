/** What the page does in the browser. It makes text and elements only, never HTML of anything that an advert says. */
export const CLIENT = String.raw`
'use strict';
const $ = (id) => document.getElementById(id);
const rows = JSON.parse($('rows').textContent);
const list = $('list');
const make = (name, properties = {}, ...children) => {
  const { dataset, ...rest } = properties;
  const element = Object.assign(document.createElement(name), rest);
  Object.assign(element.dataset, dataset ?? {});
  element.append(...children.filter((child) => child !== null));
  return element;
};

// The list.
const buttons = rows.map((row, index) => {
  const facts = [row.employer, row.pay, row.closing === null ? null : 'closes ' + row.closing].filter((fact) => fact !== null);
  const badge = row.error !== null
    ? make('span', { className: 'badge error', textContent: row.error })
    : row.warnings.length > 0 ? make('span', { className: 'badge warning', textContent: row.warnings.length + (row.warnings.length === 1 ? ' warning' : ' warnings') }) : null;
  const button = make('button', { type: 'button', dataset: { index } },
    make('span', { className: 'title', textContent: row.title ?? (row.error === null ? 'no title' : 'not read') }), badge,
    make('span', { className: 'facts', textContent: facts.join(' · ') }),
    make('span', { className: 'path', textContent: row.path }));
  list.append(make('li', {}, button));
  return button;
});
const words = rows.map((row) => [row.title, row.employer, row.pay, row.closing, row.path, row.error, row.place, ...row.warnings].join(' ').toLowerCase());

function filter() {
  const sought = $('search').value.toLowerCase().split(/\s+/).filter(Boolean);
  const [kind, name] = $('show').value.split('=');
  let shown = 0;
  for (const [index, row] of rows.entries()) {
    const fits = kind === 'all' || (kind === 'error' && (name === undefined ? row.error !== null : row.error === name))
      || (kind === 'warning' && (name === undefined ? row.warnings.length > 0 : row.warnings.includes(name)))
      || (kind === 'missing' && row.missing.includes(name));
    const isShown = fits && sought.every((word) => words[index].includes(word));
    list.children[index].hidden = !isShown;
    if (isShown) shown++;
  }
  $('shown').textContent = shown === rows.length ? rows.length + ' adverts' : shown + ' of ' + rows.length + ' adverts';
}
$('search').addEventListener('input', filter);
$('show').addEventListener('change', filter);
for (const button of document.querySelectorAll('[data-show]'))
  button.addEventListener('click', () => { $('show').value = button.dataset.show; filter(); $('search').scrollIntoView(); });

// One advert.
let open = -1;
function show(index, isMoved) {
  if (index === open) return;
  if (open >= 0) buttons[open].removeAttribute('aria-current');
  open = index;
  const row = rows[index];
  if (row === undefined) return close();
  buttons[index].setAttribute('aria-current', 'true');
  const { record, text } = JSON.parse($('advert-' + index).textContent);
  const detail = $('detail');
  detail.replaceChildren(
    make('button', { type: 'button', id: 'back', textContent: '← all adverts', onclick: close }),
    make('h2', { id: 'detail-title', tabIndex: -1, textContent: row.title ?? row.path }),
    make('p', { className: 'path', textContent: record.source.path + ' · ' + (record.source.format ?? 'not read') + (record.source.pages === null ? '' : ' · ' + record.source.pages + ' pages') }));
  if (record.status === 'error') {
    detail.append(make('p', { className: 'failure' }, make('code', { textContent: record.error.code }), ' ' + record.error.message + ' ' + record.error.hint));
  } else {
    const body = textOf(text, record);
    detail.append(make('div', { className: 'columns' }, fieldsOf(record, body), body));
  }
  document.body.classList.add('open');
  address('#advert=' + index);
  if (isMoved) $('detail-title').focus({ preventScroll: false });
}
function address(hash) {
  try { if (location.hash !== hash) history.replaceState(null, '', hash); } catch { /* a frame without an address of its own */ }
}
function close() {
  document.body.classList.remove('open');
  const last = open;
  if (open >= 0) buttons[open].removeAttribute('aria-current');
  open = -1;
  $('detail').replaceChildren(make('p', { className: 'hint', textContent: 'Choose an advert to see what was read from it, and its words.' }));
  if (last < 0) return;
  address('#');
  buttons[last].focus();
}

const LABEL = (key) => key === 'dbs' ? 'DBS check' : key.replace(/[A-Z]/g, (letter) => ' ' + letter.toLowerCase()).replace(/^./, (letter) => letter.toUpperCase());
function fieldsOf(record, body) {
  const fields = make('dl', { className: 'fields' });
  for (const [key, value] of Object.entries(record.vacancy)) {
    const entries = leaves(value, '/' + key);
    fields.append(make('dt', { textContent: LABEL(key) }));
    if (entries.length === 0) { fields.append(make('dd', { className: 'none', textContent: 'not stated' })); continue; }
    for (const { name, value: shown, pointer } of entries) {
      const cited = citedAt(record.evidence, pointer);
      const label = name === '' ? null : make('span', { className: 'name', textContent: name + ' ' });
      const words = cited === null
        ? make('span', { textContent: shown })
        : make('button', { type: 'button', className: 'value', textContent: shown, title: 'show the words in the advert', dataset: { cited }, onclick: (event) => point(cited, event.currentTarget, body) });
      fields.append(make('dd', {}, label, words));
    }
  }
  if (record.warnings.length > 0) {
    fields.append(make('dt', { textContent: 'Warnings' }));
    for (const warning of record.warnings)
      fields.append(make('dd', { className: 'warned' }, make('code', { textContent: warning.code }), ' ' + warning.message));
  }
  return fields;
}
function leaves(value, pointer, name = '') {
  if (value === null) return [];
  if (typeof value !== 'object') return [{ name, value: String(value), pointer }];
  if (Array.isArray(value)) return value.flatMap((each, index) => each !== null && typeof each === 'object' && 'text' in each && 'assessedBy' in each
    ? [{ name, value: each.text, pointer: pointer + '/' + index }] : leaves(each, pointer + '/' + index, name));
  return Object.entries(value).flatMap(([key, each]) => leaves(each, pointer + '/' + key, name === '' ? LABEL(key).toLowerCase() : name + ' ' + LABEL(key).toLowerCase()));
}
function citedAt(evidence, pointer) {
  for (let at = pointer; at !== ''; at = at.slice(0, at.lastIndexOf('/'))) if (evidence[at] !== undefined) return at;
  return null;
}
function textOf(text, record) {
  const spans = Object.entries(record.evidence).flatMap(([pointer, list]) => list.map(({ start, end }) => ({ start, end, pointer })));
  const edges = [...new Set(spans.flatMap(({ start, end }) => [start, end]).concat(0, text.length))].filter((edge) => edge <= text.length).sort((a, b) => a - b);
  spans.sort((a, b) => a.start - b.start);
  const body = make('div', { className: 'text', tabIndex: 0, role: 'region', ariaLabel: 'The advert’s text' });
  let next = 0;
  let covering = [];
  for (let at = 0; at + 1 < edges.length; at++) {
    const [start, end] = [edges[at], edges[at + 1]];
    while (next < spans.length && spans[next].start <= start) covering.push(spans[next++]);
    covering = covering.filter((span) => span.end > start);
    const piece = text.slice(start, end);
    body.append(covering.length === 0 ? piece : make('mark', { textContent: piece, title: covering.map(({ pointer }) => pointer.slice(1)).join(', '), dataset: { cited: ' ' + covering.map(({ pointer }) => pointer).join(' ') + ' ' } }));
  }
  body.addEventListener('click', (event) => {
    const mark = event.target.closest('mark');
    if (mark === null) return;
    const [pointer] = mark.dataset.cited.trim().split(' ');
    const value = [...$('detail').querySelectorAll('.value')].find((each) => each.dataset.cited === pointer);
    if (value !== undefined) { value.focus(); point(pointer, value, body); }
  });
  return body;
}
function point(pointer, value, body) {
  for (const each of $('detail').querySelectorAll('.lit')) each.classList.remove('lit');
  value.classList.add('lit');
  const marks = [...body.querySelectorAll('mark')].filter((mark) => mark.dataset.cited.includes(' ' + pointer + ' '));
  for (const mark of marks) mark.classList.add('lit');
  marks[0]?.scrollIntoView({ block: 'center', behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth' });
}

list.addEventListener('click', (event) => {
  const button = event.target.closest('button');
  if (button !== null) show(Number(button.dataset.index), true);
});
document.addEventListener('keydown', (event) => {
  const isTyping = /^(?:INPUT|SELECT|TEXTAREA)$/.test(document.activeElement?.tagName ?? '');
  if (event.key === 'Escape' && open >= 0) return close();
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === '/') { event.preventDefault(); $('search').focus(); }
  const step = { j: 1, k: -1 }[event.key];
  if (step === undefined) return;
  let index = open < 0 ? (step > 0 ? 0 : rows.length - 1) : open + step;
  while (index >= 0 && index < rows.length && list.children[index].hidden) index += step;
  if (index >= 0 && index < rows.length) { show(index, true); buttons[index].scrollIntoView({ block: 'nearest' }); }
});
function follow() {
  const match = /^#advert=(\d+)$/.exec(location.hash);
  if (match !== null && rows[Number(match[1])] !== undefined) show(Number(match[1]), false);
}
addEventListener('hashchange', follow);
filter();
close();
follow();
`;
