export { Avatar } from './avatar.tsx';
export { Badge, ClassTag, StateBadge, type Tone } from './badge.tsx';
export {
  Button,
  type ButtonKind,
  type ButtonSize,
  buttonClass,
  IconButton,
  LinkButton,
  Spinner,
} from './button.tsx';
export { CopyField } from './copy-field.tsx';
export { Dialog } from './dialog.tsx';
export {
  Checkbox,
  type Choice,
  ChoiceCards,
  Field,
  type FieldIds,
  Input,
  Segments,
  Switch,
  TextArea,
} from './field.tsx';
export { Kbd } from './kbd.tsx';
export { Markdown } from './markdown.tsx';
export { Menu, MenuItem, MenuLabel, MenuSeparator } from './menu.tsx';
export { Page, PageHeader, Section } from './page.tsx';
export { Popover } from './popover.tsx';
export { type BarPart, Progress, StackedBar } from './progress.tsx';
export { type Option, Select } from './select.tsx';
export { EmptyState, ErrorState, Notice, Skeleton } from './states.tsx';
export { SortableTh, Table, Td, Th } from './table.tsx';
export { type Tab, Tabs } from './tabs.tsx';
export { dismissToast, showError, showToast, ToastRegion } from './toast.tsx';
export { Tooltip } from './tooltip.tsx';
