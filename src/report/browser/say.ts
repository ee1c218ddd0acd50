/** Tells those who do not see the page what happened. */
export function say(sentence: string): void {
  const place = document.getElementById("said");
  if (place !== null) place.textContent = sentence;
}
