import { describe, expect, it, vi } from 'vitest'
import { again } from '../lib/again'

describe('again', () => {
  it('gives a second chance, and no third', async () => {
    vi.useFakeTimers()
    const act = vi.fn().mockRejectedValueOnce(new Error('network')).mockResolvedValueOnce('page')
    const answer = again(act)
    await vi.advanceTimersByTimeAsync(1000)
    expect(await answer).toBe('page')

    const never = vi.fn().mockRejectedValue(new Error('gone'))
    const refused = expect(again(never)).rejects.toThrow('gone')
    await vi.advanceTimersByTimeAsync(1000)
    await refused
    expect(never).toHaveBeenCalledTimes(2)
    vi.useRealTimers()
  })
})
