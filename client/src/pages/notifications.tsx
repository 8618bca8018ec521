import { NotificationList, ReadAll } from '../shell/notification-list.tsx';
import { Page, PageHeader } from '../ui/page.tsx';

/** What is meant for me, where there is no room for the bell. */
export function Notifications() {
  return (
    <Page>
      <PageHeader title="Notifications" actions={<ReadAll />} />
      <NotificationList class="card p-1" />
    </Page>
  );
}
