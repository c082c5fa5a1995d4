import { KeyRound, Link2, Pencil, QrCode, Stethoscope, Trash2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { MenuItem, MenuLine } from '../../components/Menu'

export const peerDialogs = ['edit', 'qr', 'link', 'rekey', 'diagnosis', 'delete'] as const
export type PeerDialogName = (typeof peerDialogs)[number]

/** The menu of a device, on its card and on its page. */
export function PeerActions({ onPick }: { onPick: (name: PeerDialogName) => void }) {
  const { t } = useTranslation()
  return (
    <>
      <MenuItem icon={Pencil} testid="peer-edit" onSelect={() => onPick('edit')}>{t('peers.edit')}</MenuItem>
      <MenuItem icon={QrCode} testid="peer-qr" onSelect={() => onPick('qr')}>{t('peers.qr')}</MenuItem>
      <MenuItem icon={Link2} testid="peer-enrol" onSelect={() => onPick('link')}>{t('peers.link')}</MenuItem>
      <MenuItem icon={KeyRound} testid="peer-rekey" onSelect={() => onPick('rekey')}>{t('peers.rekey')}</MenuItem>
      <MenuItem icon={Stethoscope} testid="peer-diagnose" onSelect={() => onPick('diagnosis')}>{t('peers.diagnose')}</MenuItem>
      <MenuLine />
      <MenuItem icon={Trash2} danger testid="peer-delete" onSelect={() => onPick('delete')}>{t('peers.delete')}</MenuItem>
    </>
  )
}
