import type { Role, Scope } from '@micrarium/repository';
import type { ColumnType, Generated } from 'kysely';
import type { Time } from './column-kinds.ts';

/** People: accounts, sessions, second factors, tokens, invitations, groups. Tables named `auth_…` are those of the library for accounts, which names their columns. */
export interface AccountTables {
  auth_user: {
    id: string;
    name: string;
    email: string;
    emailVerified: boolean;
    image: string | null;
    createdAt: Time;
    updatedAt: Time;
    role: Role;
    disabled_at: Date | null;
  };
  auth_account: {
    id: string;
    accountId: string;
    providerId: string;
    userId: string;
    password: string | null;
    createdAt: Time;
    updatedAt: Time;
  };
  /** `factor`: what it was begun with besides a password (`code`, `passkey`, `provider`). */
  auth_session: { id: string; userId: string; factor: string | null };
  auth_passkey: {
    id: string;
    name: string | null;
    publicKey: string;
    userId: string;
    credentialID: string;
    counter: number;
    deviceType: string;
    backedUp: boolean;
    transports: string | null;
    createdAt: Date | null;
    aaguid: string | null;
  };
  second_factor: { user_id: string; secret: string; confirmed_at: Date | null; last_step: number };
  recovery_code: { user_id: string; code_hash: string };
  api_token: {
    id: string;
    user_id: string;
    name: string;
    scopes: Scope[];
    secret_hash: string;
    created_at: Time;
    expires_at: Time;
    last_used_at: Date | null;
    /** Accessions and names of communities it is limited to. */
    studies: string[] | null;
    communities: string[] | null;
  };
  invitation: {
    id: string;
    secret_hash: string;
    role: Role;
    email: string | null;
    made_by: string | null;
    created_at: Time;
    expires_at: Time;
    used_at: Date | null;
    used_by: string | null;
  };
  team: { id: string; name: string; created_at: Time };
  team_member: { team_id: string; user_id: string; leads: Generated<boolean> };
  owner_link: { secret_hash: string; expires_at: Time; used_at: Date | null };
  password_reset: {
    secret_hash: string;
    user_id: string;
    expires_at: Time;
    used_at: ColumnType<Date | null, undefined, Date>;
  };
  address_check: {
    secret_hash: string;
    user_id: string;
    email: string;
    expires_at: Time;
    used_at: ColumnType<Date | null, undefined, Date>;
  };
}
