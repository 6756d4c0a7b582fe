import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { parseSearch, writeSearch } from './search-string.ts';
import { NotFound, RouteFailed } from './failures.tsx';
import { Shell } from './shell.tsx';

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound, errorComponent: RouteFailed });
const at = <Path extends string>(path: Path) => ({ getParentRoute: () => root, path });

const tree = root.addChildren([
  createRoute({ ...at('/'), component: lazyRouteComponent(() => import('../home/home-page.tsx'), 'HomePage') }),
  createRoute({
    ...at('/search'),
    component: lazyRouteComponent(() => import('../search/search-page.tsx'), 'SearchPage'),
  }),
  createRoute({
    ...at('/sign-in'),
    component: lazyRouteComponent(() => import('../account/sign-in-page.tsx'), 'SignInPage'),
  }),
  createRoute({
    ...at('/welcome'),
    component: lazyRouteComponent(() => import('../account/welcome-page.tsx'), 'WelcomePage'),
  }),
  createRoute({
    ...at('/account'),
    component: lazyRouteComponent(() => import('../account/account-page.tsx'), 'AccountPage'),
  }),
  createRoute({
    ...at('/drafts'),
    component: lazyRouteComponent(() => import('../drafts/drafts-page.tsx'), 'DraftsPage'),
  }),
  createRoute({
    ...at('/viewer/$accession/$version/$item'),
    component: lazyRouteComponent(() => import('../viewer/viewer-page.tsx'), 'ViewerPage'),
  }),
  createRoute({
    ...at('/deposit/$draft'),
    component: lazyRouteComponent(() => import('../deposit/deposit-page.tsx'), 'DepositPage'),
  }),
]);

/** All pages drawn in the browser; pages of studies are made by the server. */
export const router = createRouter({
  routeTree: tree,
  parseSearch,
  stringifySearch: writeSearch,
  scrollRestoration: true,
  defaultPreload: 'intent',
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
