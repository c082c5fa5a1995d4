import { Plus } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router-dom'
import { useIsAdmin, usePeers } from '../../api/queries'
import { Button } from '../../components/Button'
import { Page } from '../../components/layout'
import { Tabs } from '../../components/Tabs'
import { PeopleTab } from '../people/PeopleTab'
import { DevicesTab } from './DevicesTab'
import { useDeviceParams } from './params'

export function Component() {
  const { t } = useTranslation()
  const admin = useIsAdmin()
  const peers = usePeers()
  const { set } = useDeviceParams()
  const [params, setParams] = useSearchParams()
  const tab = admin && params.get('tab') === 'people' ? 'people' : 'devices'
  const online = peers.data?.filter((p) => p.live.state === 'online').length ?? 0
  const add = tab === 'devices' && !!peers.data?.length && <Button variant="primary" icon={Plus} onClick={() => set({ dialog: 'add' })} data-testid="add-device">{t('peers.add')}</Button>
  return (
    <Page title={t(admin ? 'nav.peers' : 'peers.mine')} lead={peers.data && t('peers.summary', { count: peers.data.length, online })} actions={add}>
      {admin
        ? <Tabs label={t('nav.peers')} value={tab} onChange={(v) => setParams(v === 'people' ? { tab: v } : {}, { replace: true })} tabs={[
          { value: 'devices', label: t('peers.devices'), content: <DevicesTab query={peers} /> },
          { value: 'people', label: t('people.title'), content: <PeopleTab /> },
        ]} />
        : <DevicesTab query={peers} />}
    </Page>
  )
}
