import { type JSX, type ReactNode, useState } from 'react';
import { useText } from '../messages/text.ts';
import { LabelledInput } from './labelled-input.tsx';

/** Shortest password the server takes for a new account. */
export const passwordLength = 12;
/** Longest one. */
export const longestPassword = 128;

/** What is typed into the form. */
export interface AccountInput {
  name: string;
  email: string;
  password: string;
}

/**
 * The form by which one signs in, or makes an account: a name where it is new, address, password, what went wrong, and the button.
 * @param isNew does it make an account? It then asks for a name, and how long the password is
 * @param address what stands in the field of the address at first
 * @param passwordHelp sentence below the password, of what is typed so far
 * @param children further fields, below the password
 */
export function AccountForm({
  isNew = false,
  address = '',
  passwordHelp,
  problem,
  submitLabel,
  isDisabled = false,
  isBusy = false,
  onSubmit,
  children,
}: {
  isNew?: boolean;
  address?: string;
  passwordHelp?: (password: string) => string;
  problem: string;
  submitLabel: string;
  isDisabled?: boolean;
  isBusy?: boolean;
  onSubmit(input: AccountInput): void;
  children?: ReactNode;
}): JSX.Element {
  const text = useText();
  const [name, setName] = useState('');
  const [email, setEmail] = useState(address);
  const [password, setPassword] = useState('');
  const [tooShort, setTooShort] = useState('');
  const help = passwordHelp?.(password);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (isBusy) return;
        const missing = isNew ? passwordLength - password.length : 0;
        setTooShort(missing > 0 ? text('welcome.tooShort', { count: missing }) : '');
        if (missing <= 0) onSubmit({ name: name.trim(), email: email.trim(), password });
      }}
    >
      {isNew ? (
        <LabelledInput
          label={text('account.name')}
          name="name"
          autoComplete="name"
          required
          maxLength={200}
          value={name}
          onValue={setName}
        />
      ) : null}
      <LabelledInput
        label={text('account.email')}
        type="email"
        name="email"
        autoComplete="username"
        required
        value={email}
        onValue={setEmail}
      />
      <LabelledInput
        label={text('account.password')}
        type="password"
        name="password"
        autoComplete={isNew ? 'new-password' : 'current-password'}
        required
        {...(isNew ? { maxLength: longestPassword } : {})}
        value={password}
        onValue={setPassword}
        {...(help === undefined ? {} : { help })}
      />
      {children}
      <p className="problem" role="alert">
        {tooShort || problem}
      </p>
      <button type="submit" className="btn primary" disabled={isDisabled} aria-disabled={isBusy}>
        {submitLabel}
      </button>
    </form>
  );
}

/** The token of a link stands behind `#`, so that it is never sent to a server's log: `#token` or `#token=…`, with `&email=…` of whom it is for. */
export function tokenOfAddress(hash = location.hash): string {
  const plain = hash.replace(/^#(token=)?/, '').replace(/&email=[^&]*$/, '');
  try {
    return decodeURIComponent(plain);
  } catch {
    return plain;
  }
}

/** The address that the link of an invitation is for, as far as it names one. */
export function addressOfLink(hash = location.hash): string {
  const written = /&email=([^&]*)$/.exec(hash)?.[1] ?? '';
  try {
    return decodeURIComponent(written);
  } catch {
    return '';
  }
}
