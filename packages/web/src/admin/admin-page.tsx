import '../styles/account.css';
import type { JSX } from 'react';
import { SignInFirst } from '../app/sign-in-first.tsx';
import { useMe, useNeedsFactor } from '../app/session.ts';
import { useTitle } from '../app/title.ts';
import { useText } from '../messages/text.ts';
import { QuotasSection } from '../quota/quotas-section.tsx';
import { AuditSection } from './audit-section.tsx';
import { FixitySection } from './fixity-section.tsx';
import { MailSection } from './mail-section.tsx';
import { OverviewSection } from './overview-section.tsx';
import { PeopleSection } from './people-section.tsx';
import { PromotionsSection } from './promotions-section.tsx';
import { RequestsSection } from './requests-section.tsx';
import { ReviewsSection } from './reviews-section.tsx';
import { StudyStateSection } from './study-state-section.tsx';

/** What the owner of an installation watches and does. */
export function AdminPage(): JSX.Element {
  const text = useText();
  const me = useMe();
  const needsFactor = useNeedsFactor();
  useTitle(text('admin.title'));
  if (!me) return <SignInFirst pending={me === undefined} />;
  // What is to be done stands above the page; every part of it would be refused.
  if (needsFactor)
    return (
      <main className="wrap plain">
        <h1>{text('admin.title')}</h1>
      </main>
    );
  return (
    <main className="wrap plain">
      <div className="dh">
        <h1>{text('admin.title')}</h1>
      </div>
      {me.role === 'owner' ? <OverviewSection /> : null}
      {me.role === 'member' ? null : (
        <>
          <ReviewsSection />
          <RequestsSection />
          <PromotionsSection />
          <StudyStateSection />
        </>
      )}
      {me.role === 'owner' ? (
        <>
          <FixitySection />
          <PeopleSection />
          <QuotasSection />
          <MailSection />
          <AuditSection />
        </>
      ) : me.role === 'curator' ? null : (
        <p className="prose m2">{text('admin.ownerOnly')}</p>
      )}
    </main>
  );
}
