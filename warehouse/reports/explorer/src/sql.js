// DuckDB in the browser on the public file. Everything comes from the folder of the page.
import * as duckdb from '@duckdb/duckdb-wasm';

const FILE = 'public.duckdb';
const AT_ONCE = 10000;

let opening;

/** The engine with the public file attached; loaded once, when it is first asked. */
function engine(base) {
  opening ??= open(base).catch((error) => {
    opening = undefined;
    throw error;
  });
  return opening;
}

async function open(base) {
  const database = new duckdb.AsyncDuckDB(new duckdb.VoidLogger(), confined(base));
  const [bytes] = await Promise.all([
    fetch(new URL(FILE, base)).then((answer) => {
      if (!answer.ok) throw new Error(`${FILE}: ${answer.status}`);
      return answer.arrayBuffer();
    }),
    database.instantiate(new URL('built/duckdb-eh.wasm', base).href),
  ]);
  await database.registerFileBuffer(FILE, new Uint8Array(bytes));
  await database.open({
    path: ':memory:',
    query: { castBigIntToDouble: true, castDecimalToDouble: true, castTimestampToDate: true },
  });
  const connection = await database.connect();
  for (const statement of [
    `attach '${FILE}' as warehouse (read_only)`,
    'use warehouse.marts',
    'set autoinstall_known_extensions = false',
    'set autoload_known_extensions = false',
    'set enable_external_access = false',
    'set lock_configuration = true',
  ]) {
    await connection.query(statement);
  }
  return connection;
}

/**
 * The engine's worker under the policy of the page, which lets nothing ask another host. A worker
 * from an address has only the policy that its server sends; one from a blob keeps the page's.
 */
function confined(base) {
  const script = new URL('built/duckdb-browser-eh.worker.js', base).href;
  const text = `importScripts(${JSON.stringify(script)});`;
  const address = URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
  return new Worker(address);
}

/** Column names and rows of a query, at most AT_ONCE of them, values as text or number. */
export async function query(sql, base) {
  const connection = await engine(base);
  const table = await connection.query(sql);
  const fields = table.schema.fields;
  const shown = Math.min(table.numRows, AT_ONCE);
  const vectors = fields.map((_, index) => table.getChildAt(index));
  const rows = [];
  for (let row = 0; row < shown; row += 1) {
    rows.push(vectors.map((vector, index) => plain(vector.get(row), String(fields[index].type))));
  }
  return { names: fields.map((field) => field.name), rows, count: table.numRows };
}

function plain(value, type) {
  if (value === null || value === undefined) return null;
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (type.startsWith('Date')) return new Date(value).toISOString().slice(0, 10);
  if (type.startsWith('Timestamp')) return new Date(value).toISOString().slice(0, 19).replace('T', ' ');
  if (typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value.toArray === 'function') return Array.from(value.toArray(), (item) => plain(item, '')).join('; ');
  return String(value);
}
