import { useState } from 'react'
import { Page } from '../components/layout'
import { Tabs } from '../components/Tabs'
import { Controls } from './Controls'
import { Feedback } from './Feedback'
import { Overlays } from './Overlays'
import { Packages } from './Packages'
import { Showing } from './Showing'

/** Every component in every state, for looking at while developing. Not part of the product's build. */
export function Component() {
  const [tab, setTab] = useState<'controls' | 'showing' | 'feedback' | 'packages' | 'overlays'>(() => {
    const wanted = new URLSearchParams(location.search).get('tab')
    return wanted === 'showing' || wanted === 'feedback' || wanted === 'packages' || wanted === 'overlays' ? wanted : 'controls'
  })
  return (
    <Page title="Components" lead="Development builds only">
      <Tabs label="Components" value={tab} onChange={setTab} tabs={[
        { value: 'controls', label: 'Controls', content: <Controls /> },
        { value: 'showing', label: 'Showing data', content: <Showing /> },
        { value: 'feedback', label: 'Feedback', content: <Feedback /> },
        { value: 'packages', label: 'Packages', content: <Packages /> },
        { value: 'overlays', label: 'Overlays', content: <Overlays /> },
      ]} />
    </Page>
  )
}
