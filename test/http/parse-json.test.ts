import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ResponseInvalid } from '#shared/domain/errors.ts';
import { parseJson } from '#shared/http/parse-json.ts';

const read = (text: string): unknown => parseJson(Buffer.from(text), 'GET api.example.com/things');
const nested = (levels: number, open = '[', close = ']'): string => open.repeat(levels) + close.repeat(levels);

test('any JSON value comes through as it is', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 8 }), (value) => {
      const text = JSON.stringify(value);
      fc.pre(!text.includes('__proto__') && !/\d{16}/.test(text));
      expect(read(text)).toEqual(JSON.parse(text));
    }),
  );
});

test.each([
  '',
  ' ',
  'NaN',
  '{"a":NaN}',
  '{"a":1',
  '[1,]',
  '{"a":1}}',
  '<html>',
  "{'a':1}",
  '{"a":"\n"}',
  'undefined',
  '01',
])('%j is refused', (text) => {
  expect(() => read(text)).toThrow(ResponseInvalid);
});

test('the refusal never quotes the body', () => {
  expect(() => read('{"name":"Canary Person')).toThrow(/^GET api\.example\.com\/things: not JSON$/);
});

test('200 levels are read, 201 are refused, and so are 100,000', () => {
  expect(read(nested(200))).toBeInstanceOf(Array);
  for (const levels of [201, 100_000]) expect(() => read(nested(levels))).toThrow('deeper than 200');
  expect(() => read(`{"a":${nested(300, '[{"b":', '}]').replace('}]', '1}]')}}`)).toThrow('deeper than 200');
});

test('keys named __proto__ are dropped, also written with escapes, and nothing is polluted', () => {
  const value = read('{"a":1,"__proto__":{"polluted":true},"list":[{"\\u005f_proto__":{"polluted":true},"b":2}]}');
  expect(JSON.stringify(value)).toBe('{"a":1,"list":[{"b":2}]}');
  expect(Object.hasOwn({}, 'polluted') || 'polluted' in {}).toBe(false);
});

test('an integer too large for a double becomes text, digit by digit; other numbers stay', () => {
  const text =
    '{"id":9007199254740993,"small":9007199254740991,"negative":-12345678901234567890,"ratio":0.1234567890123456789,"power":1e300}';
  expect(read(text)).toEqual({
    id: '9007199254740993',
    small: 9007199254740991,
    negative: '-12345678901234567890',
    ratio: 0.12345678901234568,
    power: 1e300,
  });
  expect(JSON.stringify(read('{"id":9007199254740993,"__proto__":{"x":1}}'))).toBe('{"id":"9007199254740993"}');
});

test('a byte order mark, repeated keys, lone surrogates and broken UTF-8 do no harm', () => {
  expect(read('\uFEFF{"a":1}')).toEqual({ a: 1 });
  expect(read('{"a":1,"a":2}')).toEqual({ a: 2 });
  expect(read('"\\ud800"')).toBe('\ud800');
  expect(parseJson(Buffer.from([0x22, 0x41, 0xff, 0x22]), 'x')).toBe('A\uFFFD');
});
