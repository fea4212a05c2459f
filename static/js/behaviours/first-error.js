/* A form that comes back refused is entered at the first field in error. */
export function attach(form) {
  form.querySelector(".is-invalid")?.focus();
}
