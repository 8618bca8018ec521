import { NotificationList } from '../shell/notification-list.tsx';
import { Page } from '../ui/page.tsx';

/** What is meant for me, where there is no room for the bell. */
export function Notifications() {
  return (
    <Page>
      <NotificationList class="card p-1 [&_ul]:max-h-none" />
    </Page>
  );
}
