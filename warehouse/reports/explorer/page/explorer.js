// The explorer: filters, sorting and downloads of the public figures; SQL when it was built.
const page = document.documentElement;
const language = page.lang;
const name = language === 'ru' ? 0 : 1;
const base = new URL('.', document.baseURI);
const text = JSON.parse(document.getElementById('texts').textContent);
const tenths = new Intl.NumberFormat(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const large = new Intl.NumberFormat(language, { maximumFractionDigits: 2 });
const middle = new Intl.NumberFormat(language, { maximumFractionDigits: 3 });
const tiny = new Intl.NumberFormat(language, { maximumSignificantDigits: 2 });
const fixed = [0, 1, 2, 3].map((digits) => new Intl.NumberFormat(language, { minimumFractionDigits: digits, maximumFractionDigits: digits }));
const counts = new Intl.NumberFormat(language);
const plurals = new Intl.PluralRules(language);
const collator = new Intl.Collator(language, { numeric: true });
const AT_ONCE = 100;
const WHOLE = '_T';
const NONE = '_Z';

const find = (selector) => document.querySelector(selector);

function make(tag, properties = {}, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/** A number to read; downloads have all digits. */
function printed(value, format) {
  const size = Math.abs(value);
  const chosenFormat = format ?? (size >= 100 ? large : size >= 0.01 || size === 0 ? middle : tiny);
  return chosenFormat.format(value).replace('-', '\u2212');
}

/** Digits behind the point that a value needs: a column shows as many for all its values. */
function decimals(value) {
  const size = Math.abs(value);
  if (size >= 1e5) return 0;
  return String(Number(value.toFixed(size >= 100 ? 2 : 3))).split('.')[1]?.length ?? 0;
}

const titled = (said) => said.charAt(0).toLocaleUpperCase(language) + said.slice(1);
const rowsIn = (count) => `${counts.format(count)} ${text.rows[plurals.select(count)] ?? text.rows.other}`;

// What is known of codes, and the figures of an indicator, each fetched once.
const index = await fetch(new URL('data/index.json', base)).then((answer) => answer.json());
const fetched = new Map();

function figures(code) {
  if (!(code in index.indicators)) return []; // a warehouse without figures
  if (!fetched.has(code)) {
    const answer = fetch(new URL(`data/${code}.json`, base)).then((found) => found.json());
    fetched.set(code, answer.then((table) => unpack(code, table)));
  }
  return fetched.get(code);
}

function unpack(code, table) {
  const length = table.length;
  const columns = Object.entries(table.columns);
  return Array.from({ length }, (_, row) => {
    const figure = { indicator_code: code };
    for (const [key, column] of columns) {
      figure[key] = column.list ? column.list[column.at[row]] : column.values[row];
    }
    return figure;
  });
}

const named = (kind, code) => index[kind][code]?.[name] || index[kind][code]?.[1 - name] || code;
const activityKey = (figure) => `${figure.activity_classifier}/${figure.activity_code}`;
const isWhole = (figure) => figure.activity_code === WHOLE;

// Filters: what is chosen of each kind; nothing chosen means everything.
const FILTERS = {
  i: { label: text.indicators, of: (figure) => figure.indicator_code, named: (code) => titled(named('indicators', code)) },
  r: { label: text.regions, of: (figure) => figure.region_code, named: (code) => named('regions', code) },
  y: { label: text.years, of: (figure) => String(figure.year), named: (code) => code },
  c: { label: text.clusters, of: (figure) => figure.cluster_code, named: (code) => (code === NONE ? text.noCluster : `${code} ${named('clusters', code)}`) },
  a: { label: text.activities, of: activityKey, named: (code) => (code.endsWith(`/${WHOLE}`) ? text.wholeEconomy : `${code.split('/')[1]} ${named('activities', code)}`) },
};
const chosen = Object.fromEntries(Object.keys(FILTERS).map((key) => [key, new Set()]));
const state = { words: '', all: false, sort: 'year', down: true, limit: AT_ONCE };
let loaded = [];
let shown = [];
let digits = new Map(); // of the values shown, by indicator and unit
const alike = (figure) => `${figure.indicator_code}|${figure.unit_code}`;

// Columns of the table; a column without anything to say is left out.
const COLUMNS = [
  { key: 'indicator', label: text.indicator, of: (f) => titled(named('indicators', f.indicator_code)) },
  { key: 'region', label: text.region, of: (f) => named('regions', f.region_code) },
  { key: 'cluster', label: text.cluster, of: (f) => (f.cluster_code === NONE ? null : named('clusters', f.cluster_code)) },
  { key: 'activity', label: text.activity, of: (f) => (isWhole(f) ? null : named('activities', activityKey(f))) },
  { key: 'year', label: text.year, of: (f) => f.year, isNumber: true, print: String },
  { key: 'value', label: text.value, of: (f) => f.value, isNumber: true },
  { key: 'unit', label: text.unit, of: (f) => named('units', f.unit_code) },
  { key: 'rank', label: text.rank, of: (f) => f.rank, isNumber: true, print: (rank, f) => `${rank} ${text.of} ${f.ranked_count}` },
  { key: 'change', label: text.change, of: (f) => f.change, isNumber: true, print: changeText },
  { key: 'base', label: text.base, of: (f) => (f.base_indicator_code === f.indicator_code ? null : named('bases', f.base_indicator_code)) },
  { key: 'method', label: text.method, of: (f) => (f.method_version === NONE ? null : f.method_version) },
  { key: 'source', label: text.source, of: (f) => sourceOf(f) },
];

function sourceOf(figure) {
  if (!figure.file_id) return text.computed;
  const file = index.files[figure.file_id];
  return [file?.[0], figure.table_name, figure.cell].filter(Boolean).join(' › ');
}

/** A change with its sign; per cent and points to one decimal, as reports print them. */
function changeText(change, figure) {
  const short = text.changeUnits[figure.change_unit_code];
  const said = printed(change, short ? tenths : undefined);
  return `${change > 0 ? '+' : ''}${said} ${short ?? named('units', figure.change_unit_code)}`.trim();
}

function statusOf(figure) {
  if (figure.conf_status !== 'F') return text.confidential;
  return figure.reason_code ? named('reasons', figure.reason_code) : null;
}

// The address keeps what is chosen, so that a view can be passed on.
function readAddress() {
  const given = new URLSearchParams(location.hash.slice(1));
  state.isFresh = !given.size;
  for (const key of Object.keys(FILTERS)) {
    chosen[key] = new Set((given.get(key) ?? '').split(',').filter(Boolean));
  }
  chosen.i = new Set([...chosen.i].filter((code) => code in index.indicators));
  if (!chosen.i.size) chosen.i.add(index.first);
  state.words = given.get('q') ?? '';
  state.all = given.get('all') === '1';
  const [sort, down] = (given.get('s') ?? 'year,1').split(',');
  state.sort = COLUMNS.some((column) => column.key === sort) ? sort : 'year';
  state.down = down === '1';
}

function writeAddress() {
  const given = new URLSearchParams();
  for (const key of Object.keys(FILTERS)) {
    if (chosen[key].size) given.set(key, [...chosen[key]].join(','));
  }
  if (state.words) given.set('q', state.words);
  if (state.all) given.set('all', '1');
  given.set('s', `${state.sort},${state.down ? 1 : 0}`);
  history.replaceState(null, '', `#${given}`);
  for (const link of document.querySelectorAll('a[hreflang]')) link.hash = location.hash;
}

// What there is to choose of each kind, in the figures that are loaded.
function renderFilters() {
  for (const key of Object.keys(FILTERS)) {
    const holder = find(`#filter-${key}`);
    const codes = key === 'i' ? Object.keys(index.indicators) : [...new Set(loaded.map(FILTERS[key].of))];
    for (const code of chosen[key]) if (!codes.includes(code)) chosen[key].delete(code);
    const sorted = codes.sort((a, b) => collator.compare(FILTERS[key].named(a), FILTERS[key].named(b)));
    if (key === 'y') sorted.reverse();
    if (key === 'i') sorted.sort((a, b) => chosen.i.has(b) - chosen.i.has(a));
    holder.hidden = key !== 'i' && codes.length < 2;
    const list = holder.querySelector('ul');
    const isHeld = key === 'i' && list.contains(document.activeElement); // the reader is in it
    if (!isHeld) list.replaceChildren(...sorted.map((code) => option(key, code)));
    narrow(holder);
    summarise(key);
  }
}

function option(key, code) {
  const box = make('input', { type: 'checkbox', checked: chosen[key].has(code) });
  box.addEventListener('change', () => {
    chosen[key][box.checked ? 'add' : 'delete'](code);
    if (key === 'i') load();
    else refresh();
    summarise(key);
  });
  const note = key === 'i' ? make('small', {}, code) : null;
  return make('li', {}, make('label', {}, box, make('span', {}, FILTERS[key].named(code), ' ', note)));
}

function summarise(key) {
  const picked = [...chosen[key]].map(FILTERS[key].named);
  const what = picked.length === 0 ? text.all : picked.length === 1 ? picked[0] : counts.format(picked.length);
  find(`#filter-${key} summary`).replaceChildren(`${FILTERS[key].label}: `, make('b', {}, what));
}

function narrow(holder) {
  const words = holder.querySelector('input[type=search]').value.toLowerCase();
  for (const item of holder.querySelectorAll('li')) {
    item.hidden = !item.textContent.toLowerCase().includes(words);
  }
}

function buildFilters() {
  const place = find('#filters');
  for (const [key, filter] of Object.entries(FILTERS)) {
    const search = make('input', { type: 'search', placeholder: text.search });
    search.setAttribute('aria-label', `${filter.label}: ${text.search}`);
    const clear = make('button', { type: 'button' }, text.clear);
    const holder = make('details', { id: `filter-${key}` }, make('summary'), make('div', { className: 'choice' }, search, make('ul'), clear));
    holder.setAttribute('name', 'filters');
    search.addEventListener('input', () => narrow(holder));
    clear.addEventListener('click', () => {
      chosen[key].clear();
      if (key === 'i') load();
      else refresh();
      renderFilters();
    });
    place.append(holder);
  }
  addEventListener('click', (event) => {
    for (const open of place.querySelectorAll('details[open]')) if (!open.contains(event.target)) open.open = false;
  });
  place.addEventListener('keydown', (event) => {
    const open = event.target.closest('details[open]');
    if (event.key !== 'Escape' || !open) return;
    open.open = false;
    open.querySelector('summary').focus();
  });
}

async function load() {
  if (!chosen.i.size) chosen.i.add(index.first);
  find('#count').textContent = text.loading;
  loaded = (await Promise.all([...chosen.i].map(figures))).flat();
  if (state.isFresh) chosen.y = newest();
  state.isFresh = false;
  renderFilters();
  refresh();
}

/** The last year with a value: what a reader sees first. */
function newest() {
  const years = loaded.filter((figure) => figure.value !== null && figure.is_primary).map((figure) => figure.year);
  return new Set(years.length ? [String(Math.max(...years))] : []);
}

function select() {
  const words = state.words.toLowerCase().split(/\s+/).filter(Boolean);
  const kept = loaded.filter((figure) => {
    if (!state.all && !figure.is_primary) return false;
    for (const key of Object.keys(FILTERS)) {
      if (chosen[key].size && !chosen[key].has(FILTERS[key].of(figure))) return false;
    }
    if (!words.length) return true;
    const said = COLUMNS.map((column) => column.of(figure) ?? '').join(' ').toLowerCase();
    return words.every((word) => said.includes(word));
  });
  const column = COLUMNS.find(({ key }) => key === state.sort);
  const order = column.isNumber ? (a, b) => a - b : collator.compare;
  return kept
    .map((figure) => ({ figure, at: column.of(figure) ?? null, value: figure.value }))
    .sort((a, b) => absentLast(a.at, b.at, order, state.down) || absentLast(a.value, b.value, (x, y) => x - y, true))
    .map(({ figure }) => figure);
}

function absentLast(a, b, order, isDown) {
  if (a === null || b === null) return (a === null) - (b === null);
  return isDown ? order(b, a) : order(a, b);
}

function visible() {
  const idle = [chosen.i.size === 1 && 'indicator', !state.all && 'method'];
  return COLUMNS.filter(({ key, of }) => ['value', 'year'].includes(key) || (!idle.includes(key) && shown.some((figure) => (of(figure) ?? null) !== null)));
}

function refresh() {
  state.limit = AT_ONCE;
  shown = select();
  writeAddress();
  render();
}

function render() {
  const columns = visible();
  const rows = shown.slice(0, state.limit);
  digits = new Map();
  for (const figure of rows.filter(({ value }) => value !== null)) {
    digits.set(alike(figure), Math.max(digits.get(alike(figure)) ?? 0, decimals(figure.value)));
  }
  find('#count').textContent = shortened(shown.length, rows.length);
  describe();
  find('#figures thead').replaceChildren(make('tr', {}, ...columns.map(heading)));
  find('#figures tbody').replaceChildren(...rows.map((figure) => make('tr', {}, ...columns.map((column) => cell(column, figure)))));
  find('#more').hidden = shown.length <= rows.length;
  for (const button of document.querySelectorAll('[data-download]')) button.disabled = !shown.length;
}

const shortened = (all, some) => (all > some ? `${rowsIn(all)}; ${text.first} ${counts.format(some)}` : rowsIn(all));

/** With one indicator its name and definition stand above the table and not in each row. */
function describe() {
  const [code, ...others] = chosen.i;
  const isOne = code in index.indicators && !others.length;
  find('#about').hidden = !isOne;
  if (!isOne) return;
  find('#about h2').replaceChildren(titled(named('indicators', code)), ' ', make('small', {}, code));
  find('#about p').textContent = language === 'en' ? (index.indicators[code]?.[2] ?? '') : '';
}

function heading(column) {
  const isSorted = state.sort === column.key;
  const button = make('button', { type: 'button' }, `${column.label}${isSorted ? (state.down ? ' ↓' : ' ↑') : ''}`);
  button.addEventListener('click', () => {
    state.down = isSorted ? !state.down : Boolean(column.isNumber);
    state.sort = column.key;
    refresh();
    find(`#figures th[data-key=${column.key}] button`).focus();
  });
  const head = make('th', { scope: 'col', className: column.isNumber ? 'number' : '' }, button);
  head.dataset.key = column.key;
  if (isSorted) head.setAttribute('aria-sort', state.down ? 'descending' : 'ascending');
  return head;
}

function cell(column, figure) {
  const value = column.of(figure) ?? null;
  if (column.key === 'value') return valueCell(value, figure);
  if (column.key === 'indicator') return make('td', {}, value, make('small', {}, figure.indicator_code));
  if (column.key === 'source' || column.key === 'method') return make('td', {}, make('small', {}, value));
  if (value === null) return make('td');
  if (!column.isNumber) return make('td', {}, value);
  return make('td', { className: 'number' }, column.print ? column.print(value, figure) : printed(value));
}

function valueCell(value, figure) {
  if (value === null) return make('td', { className: 'absent' }, statusOf(figure) ?? text.missing);
  const marks = [];
  if (figure.is_illustrative) marks.push(make('span', { className: 'mark' }, text.illustrative));
  if (figure.correction_status === 'confirmed') marks.push(make('span', { className: 'mark' }, text.corrected));
  const isTiny = value !== 0 && Math.abs(value) < 0.01;
  const said = printed(value, isTiny ? undefined : fixed[digits.get(alike(figure))]);
  return make('td', { className: 'number' }, said, ...marks.flatMap((mark) => [' ', mark]));
}

// Downloads: all rows that fit the filters, codes beside names, numbers as they are.
const FIELDS = ['indicator_code', 'region_code', 'cluster_code', 'activity_classifier', 'activity_code', 'year', 'base_indicator_code', 'method_version', 'unit_code', 'value', 'obs_status', 'conf_status', 'reason_code', 'is_illustrative', 'rank', 'ranked_count', 'change', 'change_unit_code'];

function asTable() {
  const columns = [...FIELDS, 'indicator_name', 'region_name', 'cluster_name', 'source'];
  const rows = shown.map((figure) => [
    ...FIELDS.map((field) => figure[field] ?? null),
    named('indicators', figure.indicator_code),
    named('regions', figure.region_code),
    figure.cluster_code === NONE ? null : named('clusters', figure.cluster_code),
    sourceOf(figure),
  ]);
  return [columns, rows];
}

function csv(columns, rows) {
  const field = (value) => {
    if (value === null || value === undefined) return '';
    const said = typeof value === 'string' && /^(?:[=+@\t\r]|-[^\d.,]*[A-Za-z(])/.test(value) ? `'${value}` : String(value);
    return /[",\n\r]/.test(said) ? `"${said.replaceAll('"', '""')}"` : said;
  };
  return `\ufeff${[columns, ...rows].map((row) => row.map(field).join(',')).join('\r\n')}\r\n`;
}

function save(blob, file) {
  const link = make('a', { href: URL.createObjectURL(blob), download: file });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

async function download(kind, columns, rows, file) {
  if (kind === 'csv') return save(new Blob([csv(columns, rows)], { type: 'text/csv;charset=utf-8' }), `${file}.csv`);
  const { workbook } = await import(new URL('built/xlsx.js', base));
  return save(await workbook(columns, rows), `${file}.xlsx`);
}

// Tabs, by the pattern of the WAI-ARIA guide: arrows move, the chosen one is in the order of Tab.
function buildTabs() {
  const tabs = [...document.querySelectorAll('[role=tab]')];
  const choose = (chosenTab, isFocused) => {
    for (const tab of tabs) {
      const isChosen = tab === chosenTab;
      tab.setAttribute('aria-selected', isChosen);
      tab.tabIndex = isChosen ? 0 : -1;
      find(`#${tab.getAttribute('aria-controls')}`).hidden = !isChosen;
    }
    if (isFocused) chosenTab.focus();
  };
  for (const [place, tab] of tabs.entries()) {
    tab.addEventListener('click', () => choose(tab, true));
    tab.addEventListener('keydown', (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (step) choose(tabs.at((place + step) % tabs.length), true);
    });
  }
}

// SQL
let answer = null;

function buildSql() {
  const form = find('#ask');
  if (!form) return;
  const query = find('#query');
  const examples = find('#examples');
  for (const [label, sql] of text.examples) examples.append(make('option', { value: sql }, label));
  query.value = text.examples[0][1];
  examples.addEventListener('change', () => {
    query.value = examples.value;
  });
  query.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    run(query.value);
  });
}

async function run(sql) {
  const said = find('#answered');
  const wrong = find('#wrong');
  const button = find('#ask button.main');
  wrong.textContent = '';
  said.textContent = text.running;
  button.disabled = true;
  try {
    const { query } = await import(new URL('built/sql.js', base));
    const start = performance.now();
    answer = await query(sql, base);
    const seen = Math.min(answer.rows.length, 10 * AT_ONCE);
    said.textContent = `${shortened(answer.count, seen)} · ${printed(Math.round(performance.now() - start) / 1000)} ${text.seconds}`;
  } catch (error) {
    answer = null;
    said.textContent = text.refused;
    wrong.textContent = error.message;
  } finally {
    button.disabled = false;
  }
  renderAnswer();
}

function renderAnswer() {
  find('#answer').hidden = !answer;
  for (const other of document.querySelectorAll('[data-answer]')) other.hidden = !answer?.rows.length;
  if (!answer) return;
  const rows = answer.rows.slice(0, 10 * AT_ONCE);
  const isNumber = answer.names.map((_, place) => rows.some((row) => typeof row[place] === 'number'));
  const one = (value, place) => (typeof value === 'number' ? make('td', { className: 'number' }, /year/.test(answer.names[place]) ? String(value) : printed(value)) : make('td', {}, value === null ? '' : String(value)));
  find('#answer thead').replaceChildren(make('tr', {}, ...answer.names.map((column, place) => make('th', { scope: 'col', className: isNumber[place] ? 'number' : '' }, column))));
  find('#answer tbody').replaceChildren(...rows.map((row) => make('tr', {}, ...row.map(one))));
}

// Start: a link may ask for the page in another language
const wanted = new URLSearchParams(location.search).get('lang');
if (wanted && wanted !== language && find(`a[hreflang="${CSS.escape(wanted)}"]`)) {
  location.replace(new URL(`${wanted}.html${location.hash}`, base));
}
buildTabs();
buildFilters();
buildSql();
readAddress();
const words = find('#words');
words.value = state.words;
words.addEventListener('input', () => {
  state.words = words.value;
  refresh();
});
const all = find('#all');
all.checked = state.all;
all.addEventListener('change', () => {
  state.all = all.checked;
  refresh();
});
find('#more').addEventListener('click', () => {
  state.limit += 5 * AT_ONCE;
  render();
});
for (const button of document.querySelectorAll('[data-download]')) {
  button.addEventListener('click', () => download(button.dataset.download, ...asTable(), 'figures'));
}
for (const button of document.querySelectorAll('[data-answer]')) {
  button.addEventListener('click', () => download(button.dataset.answer, answer.names, answer.rows, 'answer'));
}
addEventListener('hashchange', () => {
  readAddress();
  load();
});
await load();
page.dataset.ready = 'yes';
