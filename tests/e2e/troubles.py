"""What goes wrong in a page without being seen: errors in its console, CSP, failed requests."""

REPORT_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`CSP ${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}`));
"""


def watch(page) -> list[str]:
    """The list to which the page's errors are added from now on."""
    troubles: list[str] = []

    def on_console(message):
        # Chromium itself logs each answer of 400 and above; tests of bad input want those.
        if message.type == "error" and "Failed to load resource" not in message.text:
            troubles.append(f"console: {message.text}")

    page.on("console", on_console)
    page.on("pageerror", lambda error: troubles.append(f"script: {error}"))
    page.on("requestfailed", lambda request: note_failure(troubles, request))
    page.add_init_script(REPORT_VIOLATIONS)
    return troubles


def note_failure(troubles: list[str], request) -> None:
    # Leaving a page aborts what it was still loading.
    if request.failure and "ERR_ABORTED" not in request.failure:
        troubles.append(f"request: {request.url} {request.failure}")
