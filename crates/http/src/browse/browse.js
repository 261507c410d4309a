// Shows /api/v1/openapi.json: every operation with its parameters, body and answers. No library, nothing from elsewhere.

const METHODS = ["get", "post", "put", "patch", "delete"];

const make = (tag, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
};

// A schema in the manner of TypeScript: short enough to read, exact enough to write against.
function shape(api, schema, depth = 0, seen = []) {
  if (!schema || schema === true) return "any";
  if (schema.$ref) {
    const name = schema.$ref.split("/").pop();
    if (seen.includes(name) || depth > 6) return name;
    return shape(api, api.components.schemas[name], depth, [...seen, name]);
  }
  const pad = "  ".repeat(depth + 1);
  const parts = schema.oneOf ?? schema.anyOf;
  if (parts) return parts.map((part) => shape(api, part, depth, seen)).join(" | ");
  if (schema.allOf) return schema.allOf.map((part) => shape(api, part, depth, seen)).join(" & ");
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  const types = [schema.type ?? (schema.properties ? "object" : "any")].flat();
  return types
    .map((type) => {
      if (type === "array") return `${shape(api, schema.items, depth, seen)}[]`;
      if (type === "integer") return "integer";
      if (type !== "object" || !schema.properties) return schema.format ? `${type} (${schema.format})` : type;
      const lines = Object.entries(schema.properties).map(([name, property]) => {
        const mark = schema.required?.includes(name) ? "" : "?";
        const note = property.description ? `  // ${property.description.split("\n")[0]}` : "";
        return `${pad}${name}${mark}: ${shape(api, property, depth + 1, seen)}${note}`;
      });
      return `{\n${lines.join("\n")}\n${"  ".repeat(depth)}}`;
    })
    .join(" | ");
}

function body(api, content) {
  return Object.entries(content ?? {}).map(([type, { schema }]) =>
    make("div", {}, make("code", { textContent: type }), make("pre", { textContent: shape(api, schema) })),
  );
}

function parameters(list) {
  const rows = list.map((p) =>
    make("tr", {},
      make("td", {}, make("code", { textContent: p.name })),
      make("td", { textContent: p.in + (p.required ? "" : ", optional") }),
      make("td", { textContent: p.description ?? "" }),
    ),
  );
  return make("table", {}, make("tbody", {}, ...rows));
}

function operation(api, path, method, op) {
  const inside = make("div", {});
  if (op.description) inside.append(make("p", { textContent: op.description }));
  if (op.parameters?.length) inside.append(make("h4", { textContent: "Parameters" }), parameters(op.parameters));
  if (op.requestBody) inside.append(make("h4", { textContent: "Body" }), ...body(api, op.requestBody.content));
  for (const [status, answer] of Object.entries(op.responses ?? {})) {
    inside.append(make("h4", { textContent: `${status} ${answer.description ?? ""}` }), ...body(api, answer.content));
  }
  return make("details", { id: op.operationId },
    make("summary", {},
      make("span", { className: "method", textContent: method.toUpperCase() }),
      make("code", { className: "path", textContent: path }),
      op.summary ?? "",
    ),
    inside,
  );
}

function show(api) {
  document.getElementById("about").textContent = `${api.info.version} · ${api.info.description}`;
  const groups = new Map();
  for (const [path, item] of Object.entries(api.paths)) {
    for (const method of METHODS.filter((method) => item[method])) {
      const tag = item[method].tags?.[0] ?? "other";
      groups.set(tag, [...(groups.get(tag) ?? []), [path, method, item[method]]]);
    }
  }
  const main = document.getElementById("operations");
  const contents = document.getElementById("contents");
  for (const [tag, operations] of groups) {
    main.append(make("h2", { textContent: tag }));
    contents.append(make("strong", { textContent: tag }));
    for (const [path, method, op] of operations) {
      main.append(operation(api, path, method, op));
      contents.append(make("a", { href: `#${op.operationId}`, textContent: `${method.toUpperCase()} ${path}` }));
    }
  }
  const open = () => document.getElementById(location.hash.slice(1))?.setAttribute("open", "");
  addEventListener("hashchange", open);
  open();
  document.getElementById("find").addEventListener("input", ({ target }) => {
    const wanted = target.value.trim().toLowerCase();
    for (const details of main.querySelectorAll("details")) {
      details.hidden = !details.textContent.toLowerCase().includes(wanted);
    }
  });
}

fetch("/api/v1/openapi.json").then((answer) => answer.json()).then(show);
