/** The style of the readable page: it works in light and dark, wide and narrow. */
export const pageStyle = `
:root {
  color-scheme: light dark;
  --line: #8884;
  --soft: #8881;
}
* {
  box-sizing: border-box;
}
body {
  margin: 0;
  display: grid;
  grid-template-columns: minmax(16rem, 22rem) minmax(0, 1fr);
  font:
    1rem / 1.5 system-ui,
    sans-serif;
}
nav {
  position: sticky;
  top: 0;
  height: 100vh;
  overflow: auto;
  padding: 1rem;
  border-right: 1px solid var(--line);
  font-size: 0.85rem;
}
nav h1 {
  font-size: 1.2rem;
}
nav ul {
  list-style: none;
  padding-left: 0.6rem;
  margin: 0.2rem 0;
}
nav a {
  overflow-wrap: anywhere;
}
main {
  padding: 1rem 2rem 6rem;
  max-width: 70rem;
}
h2 {
  border-bottom: 1px solid var(--line);
  margin-top: 3rem;
}
h3 {
  margin-top: 2.2rem;
  overflow-wrap: anywhere;
}
h4 {
  margin-bottom: 0.3rem;
}
code,
pre {
  font:
    0.85em / 1.45 ui-monospace,
    monospace;
}
code {
  background: var(--soft);
  padding: 0.1em 0.25em;
  border-radius: 0.2em;
  overflow-wrap: anywhere;
}
pre {
  background: var(--soft);
  padding: 0.8rem;
  overflow: auto;
  border-radius: 0.3rem;
  max-height: 32rem;
}
table {
  border-collapse: collapse;
  width: 100%;
  margin: 0.4rem 0;
  font-size: 0.9rem;
}
td,
th {
  text-align: left;
  vertical-align: top;
  border: 1px solid var(--line);
  padding: 0.25rem 0.5rem;
}
td:first-child {
  width: 1%;
  white-space: nowrap;
}
dd {
  margin: 0.2rem 0 1rem 1.5rem;
}
dt {
  margin-top: 0.4rem;
}
a:focus-visible,
summary:focus-visible {
  outline: 2px solid;
  outline-offset: 2px;
}
@media (max-width: 50rem) {
  body {
    display: block;
  }
  nav {
    position: static;
    height: auto;
    border-right: 0;
  }
  main {
    padding: 1rem;
  }
}
`;
