/* Sends one kept report: text and photos together, under the key that makes it arrive once. */

/** {state: "sent", url} · {state: "waiting", why: "network" | "server" | "signed-out"} ·
    {state: "refused", sentences} */
export async function send(report, { address, page, detail }) {
  let answer;
  try {
    answer = await post(report, address, await token(page, report.owner));
  } catch (failure) {
    return { state: "waiting", why: failure.message === "signed-out" ? "signed-out" : "network" };
  }
  if (answer.status === 201 || answer.status === 200) {
    return { state: "sent", url: detail.replace("/0/", `/${(await answer.json()).id}/`) };
  }
  if (answer.status === 401) return { state: "waiting", why: "signed-out" };
  if (answer.status === 429 || answer.status >= 500) return { state: "waiting", why: "server" };
  return { state: "refused", sentences: sentences(await answer.json().catch(() => ({}))) };
}

/** The token of a page that is fetched now: the one of a page kept for hours may be of an old session.
    Where somebody else has signed in meanwhile, the report waits for its writer. */
async function token(page, owner) {
  const answer = await fetch(page, { credentials: "same-origin", cache: "no-store", redirect: "manual" });
  if (answer.type === "opaqueredirect" || answer.status === 403) throw new Error("signed-out");
  if (!answer.ok) throw new Error("server");
  const read = new DOMParser().parseFromString(await answer.text(), "text/html");
  const field = read.querySelector('[name="csrfmiddlewaretoken"]');
  if (!field || read.querySelector("[data-owner]")?.dataset.owner !== owner) throw new Error("signed-out");
  return field.value;
}

function post(report, address, csrf) {
  const body = new FormData();
  for (const [name, value] of report.values) body.append(name, value);
  for (const photo of report.photos) body.append("photos", photo, photo.name);
  return fetch(address, {
    method: "POST",
    body,
    credentials: "same-origin",
    headers: { Accept: "application/json", "X-CSRFToken": csrf, "Idempotency-Key": report.key },
  });
}

function sentences(answer) {
  const fields = (answer.errors ?? []).map((fault) => fault.message);
  return fields.length ? fields : [answer.detail ?? answer.title ?? ""];
}
