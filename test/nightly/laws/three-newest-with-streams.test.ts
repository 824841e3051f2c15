import { describeLaws } from '../../laws/describe-laws.ts';
import { baseOf } from '../../laws/rows.ts';

describeLaws(baseOf('nats:2.15.2', 3, true));
