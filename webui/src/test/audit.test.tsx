import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { screen } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import en from '../i18n/en.json'
import { actKey, targetOf } from '../pages/settings/audit'
import { AuditTab } from '../pages/settings/AuditTab'
import { show, stubApi } from './render'

const entry = (over: object) => ({ id: '1', t: '2026-01-01T00:00:00Z', actor: 'admin', action: 'POST /api/peers', target: '/api/peers', result: 'ok', address: '::1', ...over })

describe('the audit log', () => {
  it('has words for every route that changes something', () => {
    const paths = (JSON.parse(readFileSync(join(__dirname, '../../openapi.json'), 'utf8')) as { paths: Record<string, Record<string, unknown>> }).paths
    const acts = Object.entries(paths).flatMap(([path, methods]) => Object.keys(methods).filter((m) => m !== 'get').map((m) => `audit.act.${actKey(`${m.toUpperCase()} ${path}`)}`))
    expect(acts.length).toBeGreaterThan(45)
    expect(acts.filter((a) => !(a in en))).toEqual([])
  })
  it('names what it was done to', () => {
    const names = new Map([['p1', 'phone']])
    expect(targetOf(entry({ action: 'PATCH /api/peers/{id}', target: '/api/peers/p1' }), names)).toBe('phone')
    expect(targetOf(entry({ action: 'DELETE /api/peers/{id}/links/{link}', target: '/api/peers/p9/links/l%201' }), names)).toBe('p9, l 1')
    expect(targetOf(entry({}), names)).toBe('')
    expect(targetOf(entry({ action: 'auth.login', target: 'anna' }), names)).toBe('anna')
  })
  it('shows words with the route behind them, and the route where there are none', async () => {
    stubApi({
      'GET /api/peers': [200, { items: [] }], 'GET /api/people': [200, { items: [] }], 'GET /api/services': [200, { items: [] }],
      'GET /api/audit': [200, { items: [entry({}), entry({ id: '2', action: 'POST /api/unheard/of', target: '/api/unheard/of' }), entry({ id: '3', action: 'PUT /api/services/{id}/x/aliases', target: '/api/services/mail/x/aliases', result: 'refused 403' })] }],
    })
    show(<AuditTab />)
    expect((await screen.findByText('Add a device')).title).toBe('POST /api/peers · /api/peers')
    expect(screen.getByText('POST /api/unheard/of')).toBeTruthy()
    expect(screen.getByText('Change something in a service')).toBeTruthy()
    expect(screen.getByText('Refused').title).toBe('refused 403')
  })
})
