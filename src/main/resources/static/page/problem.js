// Errors in words (RFC 9457), where the page says so or in its corner.

/** The problem that an answer's text holds. */
export function parse(text) {
  try {
    const problem = JSON.parse(text);
    return problem.detail ? problem : { title: 'Failed', detail: text };
  } catch {
    return { title: 'Failed', detail: 'The service gave an answer that cannot be read.' };
  }
}

/** An element that tells a problem, each field at fault by its pointer. */
export function element(problem) {
  const box = document.createElement('div');
  box.className = 'problem';
  const title = document.createElement('strong');
  title.textContent = problem.title;
  box.append(title);
  const errors = problem.errors ?? [];
  if (errors.length === 0) {
    const detail = document.createElement('p');
    detail.textContent = problem.detail;
    box.append(detail);
  } else {
    const list = document.createElement('ul');
    errors.forEach(error => {
      const item = document.createElement('li');
      const pointer = document.createElement('code');
      pointer.textContent = error.pointer;
      item.append(pointer, ' ', error.detail);
      list.append(item);
    });
    box.append(list);
  }
  return box;
}

/** Shows the problem that a text holds in the page's corner; null takes the last one away. */
export function show(text) {
  document.getElementById('announcements').replaceChildren(...(text === null ? [] : [element(parse(text))]));
}

export function showFailure() {
  show(JSON.stringify({ title: 'No answer', detail: 'The service does not answer. Is it running? Try again.' }));
}
