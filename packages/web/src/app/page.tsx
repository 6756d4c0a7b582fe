import { Component, type JSX, type ReactNode } from 'react';
import { NotFound, RouteFailed } from './failures.tsx';
import { arriveAgain, useShownPage } from './router.tsx';

/** Catches what a page throws while it is drawn. */
class Caught extends Component<{ children: ReactNode }, { fault: unknown; isCaught: boolean }> {
  override state = { fault: undefined, isCaught: false };

  static getDerivedStateFromError(fault: unknown): { fault: unknown; isCaught: boolean } {
    return { fault, isCaught: true };
  }

  override render(): ReactNode {
    if (!this.state.isCaught) return this.props.children;
    return <RouteFailed error={this.state.fault} reset={() => this.setState({ fault: undefined, isCaught: false })} />;
  }
}

/** The page of the address; in its place what is the matter, where there is none or it fails. */
export function Page(): JSX.Element {
  const { location: place, page: Shown, fault } = useShownPage();
  if (fault !== undefined) return <RouteFailed error={fault} reset={() => void arriveAgain()} />;
  return <Caught key={place.path}>{Shown ? <Shown /> : <NotFound />}</Caught>;
}
