/** Does it once more, a second later, when it fails: a part of the UI that was asked for just as the network changed. */
export async function again<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch {
    await new Promise((done) => setTimeout(done, 1000))
    return act()
  }
}
